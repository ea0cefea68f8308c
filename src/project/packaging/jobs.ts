/** The jobs of CI systems: what each runs, and on which interpreters. */
import { dirname, join } from "node:path";
import type { PackagingFiles } from "./files.ts";
import { codeLines, commandLines } from "./settings.ts";
import { freeThreadedIn, isCommand } from "./tokens.ts";
import type { CiJob, Quote, Setting } from "./types.ts";

/** A job with everything that was read of it. */
export interface JobSettings extends CiJob {
  /** Its key in the file. */
  key: string;
  /** Its own settings and those of the file that hold for all jobs. */
  settings: Setting[];
  /** Commands of the job, and of the actions, workflows and templates of the project that it uses. */
  commands: Quote[];
}

const SYSTEMS: readonly (readonly [name: string, patterns: readonly string[]])[] = [
  ["GitHub Actions", [".github/workflows/*.{yml,yaml}"]],
  ["GitLab CI", [".gitlab-ci.{yml,yaml}", ".gitlab/**/*.{yml,yaml}"]],
  [
    "Azure Pipelines",
    ["azure-pipelines*.{yml,yaml}", ".azure-pipelines/**/*.{yml,yaml}", "{ci,.ci}/azure*/*.{yml,yaml}"],
  ],
  ["CircleCI", [".circleci/config.{yml,yaml}"]],
  ["AppVeyor", ["{appveyor,.appveyor}.{yml,yaml}"]],
  ["Cirrus CI", [".cirrus.{yml,yaml}"]],
  ["Travis CI", [".travis.yml"]],
  ["Woodpecker CI", [".woodpecker.{yml,yaml}", ".woodpecker/*.{yml,yaml}"]],
  ["SourceHut", [".build.yml", ".builds/*.yml"]],
];

const WHEEL_ACTIONS = /\/(?:cibuildwheel|maturin-action)@/i;
const WHEEL_COMMANDS =
  /\bcibuildwheel\b|\bmaturin\b.*\bbuild\b|-m build\b|\bpip3? wheel\b|\bbdist_wheel\b|\b(?:uv|hatch|poetry) build\b|\bpyproject-build\b|\bauditwheel repair\b/;
const TEST_RUNNERS =
  /pytest|py\.test|\btox\b|\bnox\b|unittest|\bctest\b|selftest|testrunner|runtests|-m test\b|\b(?:make|just|spin|hatch|inv|invoke|zope-testrunner)\b.*test/i;
const TEST_COMMANDS = /(?:^|[^a-z])tests?(?![a-z])/i;
/** What gets ready for tests, or only speaks of them. */
const NO_TEST =
  /\b(?:install|uninstall|echo|upload|download|cp|mv|rm|mkdir|ls|cat|git|curl|wget|export|sed|declare)\b|^(?:if|elif|for|while|case|test) |^[\w-]+\)$/;
const SDIST_ONLY = /\bbuild\b.*(?:\s-s\b|--sdist)(?!.*--wheel)/;
/** A script of the project that a command runs. */
const SCRIPT = /(?:^|[\s"'./])((?:[\w.-]+\/)*[\w.-]+\.(?:sh|bash|ps1|bat|cmd))\b/g;

/** All jobs, by system, file and place. */
export function ciJobs(files: PackagingFiles): JobSettings[] {
  const jobs = SYSTEMS.flatMap(([system, patterns]) =>
    files.find(files.top, patterns).flatMap((path) => {
      const settings = files.settings(path);
      return grouped(system, settings).map(([name, own, shared]) => jobOf(system, name, own, shared, path, files));
    }),
  );
  // What one job computes is the matrix of another.
  for (const job of jobs) {
    const matrix = job.settings.find((s) => s.path.at(-1) === "matrix" && s.value.includes("needs."));
    const maker = matrix && /\bneeds\.([\w-]+)\./.exec(matrix.value)?.[1];
    const made = jobs.find((j) => j.file === job.file && j.key === maker);
    if (made) job.freeThreaded.push(...made.freeThreaded);
  }
  return jobs;
}

type Group = [key: string, own: Setting[], shared: Setting[]];

/** The settings of a file by job, with those that hold for every job. */
function grouped(system: string, settings: readonly Setting[]): Group[] {
  const hasScript = new Set(
    settings.flatMap(({ path }) => (["script", "extends", "trigger"].includes(path[1]) ? [path[0]] : [])),
  );
  const keyOf = ({ path }: Setting): string | undefined => {
    if (system === "GitHub Actions") return path[0] === "jobs" ? path[1] : undefined;
    if (system === "GitLab CI") return hasScript.has(path[0]) ? path[0] : undefined;
    if (system === "Azure Pipelines") {
      const at = path.lastIndexOf("jobs");
      return at < 0 ? undefined : path.slice(0, at + 2).join("/");
    }
    return "";
  };
  const groups = new Map<string, Setting[]>();
  const shared: Setting[] = [];
  for (const setting of settings) {
    const key = keyOf(setting);
    const group = key === undefined ? shared : groups.get(key);
    if (group) group.push(setting);
    else if (key !== undefined) groups.set(key, [setting]);
  }
  // Pipelines without jobs have their steps at the top.
  if (groups.size === 0 && settings.length > 0 && system !== "GitHub Actions") return [["", [...settings], []]];
  return [...groups].map(([key, own]) => [key, own, shared]);
}

function jobOf(
  system: string,
  key: string,
  own: Setting[],
  shared: readonly Setting[],
  path: string,
  files: PackagingFiles,
): JobSettings {
  // Of what stands outside of jobs, the environment and what runs before every job hold for all.
  const common = shared.filter(({ path: [first] }) => ["env", "variables", "default", "before_script"].includes(first));
  const used = own.flatMap((setting) => usedFiles(setting, path, files)).flatMap((p) => files.settings(p));
  const isExtended = own.some(({ path: p }) => p[1] === "extends");
  const all = [...own, ...common, ...used, ...(isExtended ? shared : [])];
  const direct = all.filter(isCommand).flatMap((s) => commandLines(s).map((l) => lineOf(s, l.line, l.code)));
  const commands = [...direct, ...scriptLines(direct, files)];
  const actions = all.filter((s) => s.path.at(-1) === "uses").map((s) => lineOf(s, s.line, s.value));
  const label = own.find((s) => s.path.join("/") === `jobs/${key}/name` || s.path.at(-1) === "job")?.value;
  return {
    system,
    key,
    file: own[0].file,
    line: own[0].line,
    name: label === undefined || label.includes("$") ? key : label,
    freeThreaded: [...own, ...common].flatMap(freeThreadedIn),
    tests: testsIn(commands),
    wheels: [...actions.filter(({ text }) => WHEEL_ACTIONS.test(text)), ...wheelsIn(commands)],
    settings: [...own, ...common],
    commands,
  };
}

/** What certainly runs tests; else what seems to. */
function testsIn(commands: readonly Quote[]): Quote[] {
  const done = commands.filter(({ text }) => !NO_TEST.test(text) && !/^\w+=\S*$/.test(text));
  const sure = done.filter(({ text }) => TEST_RUNNERS.test(text));
  return sure.length > 0 ? sure : done.filter(({ text }) => TEST_COMMANDS.test(text));
}

/** Commands that build wheels; the one that installs cibuildwheel stands for it where nothing else names it. */
function wheelsIn(commands: readonly Quote[]): Quote[] {
  const named = commands.filter(({ text }) => WHEEL_COMMANDS.test(text) && !SDIST_ONLY.test(text));
  const built = named.filter(({ text }) => !/\binstall\b/.test(text));
  return built.length > 0 ? built : named.filter(({ text }) => text.includes("cibuildwheel"));
}

/** The files of the project that a setting brings in: reusable workflows, local actions, templates. */
function usedFiles({ path, value }: Setting, from: string, files: PackagingFiles): string[] {
  const key = path.at(-1);
  if (key === "uses" && value.startsWith("./")) {
    const target = join(files.top, value);
    return /\.ya?ml$/.test(value) ? [target] : [join(target, "action.yml"), join(target, "action.yaml")];
  }
  if (key === "template") return [join(dirname(from), value), join(files.top, value)];
  return [];
}

/** The lines of the scripts of the project that commands run. */
function scriptLines(commands: readonly Quote[], files: PackagingFiles): Quote[] {
  const names = new Set(commands.flatMap(({ text }) => [...text.matchAll(SCRIPT)].map(([, name]) => name)));
  return [...names].flatMap((name) => {
    const source = files.text(join(files.top, name));
    return source ? codeLines(source.text).map(({ line, code }) => ({ file: source.file, line, text: code })) : [];
  });
}

function lineOf({ file }: Setting, line: number, text: string): Quote {
  return { file, line, text };
}
