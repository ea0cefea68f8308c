/** A first configuration as text: what a survey found, one line of explanation a key. */
import { relative, sep } from "node:path";
import fg from "fast-glob";
import { inlineToml } from "../audit/config/toml.ts";
import type { Survey } from "../audit/init/survey.ts";
import { DEFAULT_FAIL_ON } from "../audit/options.ts";
import { plural, riskCounts } from "./totals.ts";
import { visible, wrap } from "./visible.ts";

const COLUMNS = 98;
/** Modules that are named one by one. */
const NAMED_MODULES = 4;

/**
 * The text, ending with a newline. `table` is the name of the table it stands in (`tool.ungil`), "" for the top of a file. Whatever its
 * live keys say is what an audit does without them.
 */
export function draftConfig(survey: Survey, table: string): string {
  const blocks = [head(survey), target(survey), minPython(survey), failOn(), ...facts(survey)];
  const name = (inner: string) => (table === "" ? inner : `${table}.${inner}`);
  const lines = [...(table === "" ? [] : [`[${table}]`]), ...joined(blocks), "", ...fixTable(survey, name("fix"))];
  return `${lines.join("\n")}\n`;
}

function joined(blocks: readonly string[][]): string[] {
  return blocks.filter((b) => b.length > 0).flatMap((block, i) => (i === 0 ? block : ["", ...block]));
}

/** Text from the project may hold anything: a comment ends with its line. */
function comment(text: string): string[] {
  return wrap(visible(text), COLUMNS - 2).map((line) => `# ${line}`);
}

function head({ result }: Survey): string[] {
  const { modules } = result.summary;
  const names = [...new Set(modules.map((m) => m.name))];
  const more = names.length - NAMED_MODULES;
  const named = names.slice(0, NAMED_MODULES).join(", ");
  const of =
    names.length === 0 ? "" : ` of ${plural(names.length, "module")}: ${named}${more > 0 ? ` and ${more} more` : ""}`;
  return comment(`Audit for free-threaded Python${of}. All keys: ungil config`);
}

function target({ options }: Survey): string[] {
  return [...comment("Free-threaded Python to audit for: 3.13, 3.14 or 3.15."), `target = "3.${options.target}"`];
}

function minPython({ options, stated, result }: Survey): string[] {
  if (stated === undefined) {
    const text = "Oldest supported Python. Nothing states it, so this is assumed: correct it.";
    return [...comment(text), `min-python = "3.${options.minPython}"`];
  }
  const file = relative(result.root, stated.file).split(sep).join("/");
  return comment(
    `Oldest supported Python: 3.${stated.minor}, from ${file} (${stated.specifier}); a key min-python would win.`,
  );
}

function failOn(): string[] {
  return [
    ...comment("Exit with 1 for findings at least this bad: high, medium, low, info or none."),
    `fail-on = "${DEFAULT_FAIL_ON}"`,
  ];
}

function facts({ bundled, lockPairs, threadBound, libraries }: Survey): string[][] {
  const blocks: string[][] = [];
  if (bundled.length > 0) {
    blocks.push([
      ...comment("Folders to leave out; these look like the code of others, and hold findings:"),
      "# exclude = [",
      ...bundled.flatMap(({ folder, mark, risks }) =>
        commented(
          `  ${inlineToml(fg.escapePath(folder))},`,
          `${mark}; ${riskCounts({ ...risks, info: 0 }) || "info only"}`,
        ),
      ),
      "# ]",
    ]);
  }
  if (lockPairs.length > 0) {
    blocks.push([
      ...comment("Pairs that take and release a lock; these look like it, and their code is not here:"),
      "# lock-functions = [",
      ...lockPairs.flatMap(({ functions, ...pair }) =>
        commented(`  ${inlineToml(pair)},`, plural(functions, "function")),
      ),
      "# ]",
    ]);
  }
  if (threadBound.length > 0) {
    const fields = [...new Set(threadBound.map((t) => t.field))].join(", ");
    blocks.push([
      ...comment(`Types whose instances no two threads use at once; ${fields} in these looks like a check of it:`),
      ...commented(`not-shared-types = ${inlineToml(threadBound.map((t) => t.type))}`),
    ]);
  }
  if (libraries.length > 0) {
    const uses = libraries.map((l) => `${l.library} (${plural(l.functions, "function")} here)`).join(", ");
    blocks.push([
      ...comment(`Prefixes of libraries that are not thread-safe, unless built so: ${uses}.`),
      ...commented(`not-thread-safe = ${inlineToml(libraries.map((l) => l.prefix))}`),
    ]);
  }
  return blocks;
}

function fixTable({ compatHeader, compileCommands }: Survey, name: string): string[] {
  const compat =
    compatHeader === undefined
      ? []
      : [
          ...comment(`How older Pythons get an API: ${compatHeader}, "inline" or "none".`),
          'compat = "pythoncapi-compat"',
        ];
  const check =
    compileCommands === undefined
      ? [
          ...comment("What `ungil fix --check configured` compiles each edited file with."),
          '# check = "cc -fsyntax-only $(python3-config --includes) {file}"',
        ]
      : [
          ...comment(`What \`ungil fix --check configured\` compiles each edited file with: ${compileCommands}.`),
          'check = "compile-commands"',
        ];
  const isEmpty = compat.length === 0 && compileCommands === undefined;
  return [`${isEmpty ? "# " : ""}[${name}]`, ...compat, ...check];
}

/** A key, or part of one, that counts only when the user says so. */
function commented(toml: string, remark?: string): string[] {
  return [visible(remark === undefined ? `# ${toml}` : `# ${toml}  # ${remark}`)];
}
