/** Runs `fix` on texts, for tests: in a folder of their own, without cache, nothing is written back. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { registry } from "../../rules/index.generated.ts";
import { type FixOptions, type FixResult, fixProject } from "../../src/audit/fixing/fix-project.ts";
import { defaultOptions } from "../../src/audit/options.ts";
import type { AuditOptions } from "../../src/audit/types.ts";
import type { AnyRule } from "../../src/rule-api/define-rule.ts";

export interface FixTextOptions extends Partial<FixOptions>, Partial<AuditOptions> {
  /** Default: all rules. */
  rules?: readonly AnyRule[];
}

export interface FixedTexts extends FixResult {
  /** The text of every file afterwards, by name. */
  texts: Record<string, string>;
}

/** Fixes `files` (name to text) at level safe unless told otherwise; `minPython` is taken as known. */
export async function fixTexts(files: Record<string, string>, options: FixTextOptions = {}): Promise<FixedTexts> {
  const root = mkdtempSync(join(tmpdir(), "ungil-fix-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const { rules = registry, level = "safe", wanted, refused, compat, compatHeader, ...audit } = options;
    const result = await fixProject(
      { ...defaultOptions(), cwd: root, paths: ["."], minPythonKnown: true, cache: false, jobs: 1, ...audit },
      { level, wanted, refused, compat, compatHeader },
      { registry: rules },
    );
    const texts = { ...files };
    for (const { file, after } of result.files) texts[file] = after.text;
    return { ...result, texts };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** As `fixTexts` for one C file (C++ with `name`); the answer is its text afterwards. */
export async function fixText(text: string, options: FixTextOptions & { name?: string } = {}): Promise<string> {
  const { name = "module.c", ...others } = options;
  return (await fixTexts({ [name]: text }, others)).texts[name];
}
