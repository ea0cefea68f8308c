/** Runs the steps of a composite action as GitHub's runner does, as far as that goes on any machine. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Run, run, temporaryFolder } from "../cli/ungil.ts";

export interface Step {
  id?: string;
  if?: string;
  name?: string;
  uses?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
  "working-directory"?: string;
}

export interface Action {
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: Step[] };
}

export const readYaml = (path: string) => parse(readFileSync(path, "utf8"));

/** What the runner did. `steps`: by id or name, `skipped`, `used` for another action, or how its script ended. */
export interface ActionRun {
  steps: Record<string, "skipped" | "used" | Run>;
  /** What other actions were given. */
  given: Record<string, Record<string, string>>;
  outputs: Record<string, string>;
  summary: string;
  failed: boolean;
}

export interface Place {
  workspace: string;
  /** Folder of action.yml. */
  path: string;
  env?: Record<string, string>;
  /** Steps that are not run, with the outputs that they would have. */
  instead?: Record<string, Record<string, string>>;
}

/** Runs `action` with `inputs`; a step that fails ends it, as on GitHub. */
export function runAction(action: Action, inputs: Record<string, string>, place: Place): ActionRun {
  const temp = temporaryFolder();
  const files = { GITHUB_OUTPUT: join(temp, "output"), GITHUB_STEP_SUMMARY: join(temp, "summary.md") };
  const runnerTemp = join(temp, "runner temp");
  mkdirSync(runnerTemp);
  for (const file of Object.values(files)) writeFileSync(file, "");
  const outputs: Record<string, Record<string, string>> = {};
  const valueFor = (expression: string): string => {
    const [scope, ...path] = expression.trim().split(".");
    if (scope === "inputs") return inputs[path[0]] ?? action.inputs[path[0]].default ?? "";
    if (scope === "steps" && path[1] === "outputs") return outputs[path[0]]?.[path[2]] ?? "";
    if (expression.trim() === "github.action_path") return place.path;
    throw new Error(`unknown expression ${expression}`);
  };
  const filled = (text: string) => text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => valueFor(expression));
  const holds = (condition: string) =>
    condition.split("&&").every((part) => {
      const [, left, operator, right] = /^\s*(\S+)\s*(==|!=)\s*'(.*)'\s*$/.exec(part)!;
      return (valueFor(left) === right) === (operator === "==");
    });

  const result: ActionRun = { steps: {}, given: {}, outputs: {}, summary: "", failed: false };
  for (const step of action.runs.steps) {
    const name = step.id ?? step.name ?? step.uses!.replace(/@.*/, "");
    if (result.failed || (step.if !== undefined && !holds(step.if))) {
      result.steps[name] = "skipped";
    } else if (step.id !== undefined && place.instead?.[step.id]) {
      outputs[step.id] = place.instead[step.id];
    } else if (step.uses !== undefined) {
      result.steps[name] = "used";
      const entries = Object.entries(step.with ?? {});
      result.given[name] = Object.fromEntries(entries.map(([key, value]) => [key, filled(String(value))]));
    } else {
      const script = join(temp, "script.sh");
      writeFileSync(script, step.run!);
      const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, filled(value)]));
      const cwd = join(place.workspace, filled(step["working-directory"] ?? "."));
      writeFileSync(files.GITHUB_OUTPUT, "");
      const said = run("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], cwd, {
        GITHUB_WORKSPACE: place.workspace,
        GITHUB_ACTIONS: "true",
        RUNNER_TEMP: runnerTemp,
        ...place.env,
        ...files,
        ...env,
      });
      result.steps[name] = said;
      result.failed = said.code !== 0;
      const lines = readFileSync(files.GITHUB_OUTPUT, "utf8").split("\n").filter(Boolean);
      if (step.id) outputs[step.id] = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    }
  }
  for (const [name, { value }] of Object.entries(action.outputs)) result.outputs[name] = filled(value);
  result.summary = readFileSync(files.GITHUB_STEP_SUMMARY, "utf8");
  return result;
}
