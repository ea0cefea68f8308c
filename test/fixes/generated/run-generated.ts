/** Fixes generated modules and compares what they do, compiled, before and after. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FixOptions } from "../../../src/audit/fixing/fix-project.ts";
import { type Interpreter, run } from "../../samples/toolchain.ts";
import { build } from "../build.ts";
import { fixTexts } from "../fix-text.ts";
import { generateModule } from "./generated-module.ts";

export interface GeneratedOutcome {
  findings: number;
  applied: number;
  /** Functions whose behaviour or references differ, and problems of the whole; empty if all is well. */
  failures: string[];
  before: string;
  after: string;
}

const EXERCISE = join(import.meta.dirname, "exercise.py");

/** Generates a module from `seeds`, fixes it at `level`, builds both for `python` and compares them. */
export async function runGenerated(
  seeds: readonly number[],
  python: Interpreter,
  level: FixOptions["level"] = "safe",
): Promise<GeneratedOutcome> {
  const name = "generated";
  const before = generateModule(name, seeds);
  const { texts, findings, applied } = await fixTexts({ "generated.c": before }, { level });
  const after = texts["generated.c"];
  const outcome = { findings: findings.length, applied: applied.length, before, after };
  const root = mkdtempSync(join(tmpdir(), "ungil-generated-"));
  try {
    const answers: Record<string, unknown[][]>[] = [];
    for (const [folder, text] of Object.entries({ before, after })) {
      mkdirSync(join(root, folder));
      const source = join(root, folder, "generated.c");
      writeFileSync(source, text);
      const flags = ["-Werror", "-Wno-deprecated-declarations", "-Wno-unused-but-set-variable"];
      const messages = await build({ sources: [source], output: join(root, folder, `${name}.so`), python, flags });
      if (messages !== "") return { ...outcome, failures: [`${folder} does not compile: ${messages}`] };
      const done = run(python.executable, [EXERCISE, join(root, folder), name]);
      if (done.status !== 0) return { ...outcome, failures: [`${folder} crashes: ${done.output}`] };
      answers.push(JSON.parse(done.output));
    }
    return { ...outcome, failures: differences(answers[0], answers[1], seeds) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function differences(
  before: Record<string, unknown[][]>,
  after: Record<string, unknown[][]>,
  seeds: readonly number[],
): string[] {
  const failures: string[] = [];
  for (const [fn, outcomes] of Object.entries(before)) {
    outcomes.forEach((was, i) => {
      const is = after[fn][i];
      if (Object.keys(was[1] as object).length > 0) failures.push(`${fn} is wrong before: ${JSON.stringify(was)}`);
      if (JSON.stringify(was) === JSON.stringify(is) || failures.some((f) => f.startsWith(`${fn} `))) return;
      failures.push(
        `${fn} (seed ${seeds[Number(fn.slice(1))]}), call ${i}: ${JSON.stringify(was)} -> ${JSON.stringify(is)}`,
      );
    });
  }
  return failures;
}
