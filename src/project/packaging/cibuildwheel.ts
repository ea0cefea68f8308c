/** Which free-threaded wheels cibuildwheel makes of its options. */
import picomatch from "picomatch";
import type { JobSettings } from "./jobs.ts";
import { expanded } from "./matrix.ts";
import { quoteOf } from "./quotes.ts";
import { freeThreadedMinors } from "./tokens.ts";
import type { Quote, Setting, WheelBuild } from "./types.ts";

const OPTION_NAMES = ["build", "skip", "enable", "free-threaded-support", "test-command"] as const;
type OptionName = (typeof OPTION_NAMES)[number];
type Options = Map<OptionName, Setting[]>;

/** Enough of the platforms for any selector to match one. */
const PLATFORMS = [
  "manylinux_x86_64",
  "manylinux_aarch64",
  "manylinux_i686",
  "manylinux_ppc64le",
  "manylinux_s390x",
  "musllinux_x86_64",
  "musllinux_aarch64",
  "macosx_x86_64",
  "macosx_arm64",
  "macosx_universal2",
  "win_amd64",
  "win32",
  "win_arm64",
];
const TAGS = ["cp313t", "cp314t", "cp315t"];

/** Major and minor; `newest` where nothing is pinned. */
type Version = { major: number; minor: number } | "newest" | "unknown";

/** The options in `[tool.cibuildwheel]` of a TOML file, for all platforms and for single ones. */
export function configuredOptions(settings: readonly Setting[]): Options {
  const options: Options = new Map();
  for (const setting of settings) {
    const [tool, name, ...path] = setting.path;
    if (tool !== "tool" || name !== "cibuildwheel" || path[0] === "overrides") continue;
    const option = OPTION_NAMES.find((o) => path[0] === o || path[1] === o);
    if (option) options.set(option, [...(options.get(option) ?? []), setting]);
  }
  return options;
}

/** What each run of cibuildwheel in a job builds; `mentioned` are tags that its file names anywhere. */
export function builtInJob(job: JobSettings, configured: Options, mentioned: readonly Quote[]): WheelBuild[] {
  const uses = job.wheels.filter(({ text }) => text.includes("cibuildwheel"));
  return uses.map((use) => {
    const own = stepOf(use, job);
    const options = new Map(configured);
    for (const name of OPTION_NAMES) {
      const settings = fromEnvironment(`CIBW_${name.toUpperCase().replaceAll("-", "_")}`, own);
      if (settings.length > 0) options.set(name, settings);
    }
    const only = [...own.settings.filter((s) => s.path.at(-1) === "only"), ...fromEnvironment("CIBW_ONLY", own)];
    return buildOf(use, options, only, versionIn(use, own), own, mentioned);
  });
}

/** The job without the settings of its other steps. */
function stepOf(use: Quote, job: JobSettings): JobSettings {
  const inSteps = job.settings.filter((s) => s.path[2] === "steps" && s.file === use.file);
  const at = inSteps.find((s) => s.line === use.line) ?? inSteps.find((s) => s.value.includes(use.text));
  const place = at?.path;
  if (place === undefined) return job;
  return { ...job, settings: job.settings.filter(({ path }) => path[2] !== "steps" || path[3] === place[3]) };
}

/** What a run outside of CI builds by the configuration alone; undefined if there is none. */
export function builtByConfiguration(options: Options): WheelBuild | undefined {
  const [first] = [...options.values()].flat();
  if (first === undefined) return undefined;
  const place = { ...quoteOf(first), text: `[tool.cibuildwheel] ${quoteOf(first).text}` };
  return buildOf(place, options, [], "newest", undefined, []);
}

function buildOf(
  use: Quote,
  options: Options,
  only: readonly Setting[],
  version: Version,
  job: JobSettings | undefined,
  mentioned: readonly Quote[],
): WheelBuild {
  const texts = (settings: readonly Setting[]) => settings.map((s) => expanded(s.value, job?.settings ?? []));
  const words = (settings: readonly Setting[]) =>
    texts(settings).flatMap((t) => (t ?? []).flatMap((x) => x.split(/\s+/)));
  const isOpen = (settings: readonly Setting[]) => texts(settings).some((t) => t === undefined);
  const build = options.get("build") ?? [];
  const selectors = only.length > 0 ? only : build;
  const doubts: string[] = [];
  const tags: WheelBuild["tags"] = [];
  const test = options.get("test-command")?.find((s) => s.value !== "");
  const base = { ...use, tool: "cibuildwheel", ...(test ? { test: quoteOf(test) } : {}) };
  const enable = words([...(options.get("enable") ?? [])]);
  const supported = words([...(options.get("free-threaded-support") ?? [])]).some((w) => /^(true|1|yes|on)$/i.test(w));
  const isPossible = TAGS.some((tag) => offered(tag, version, enable, supported, true) !== false);
  if (isOpen(selectors) && isPossible) {
    doubts.push("the selection of wheels is computed");
    for (const place of mentioned) {
      for (const minor of freeThreadedMinors(place.text)) addTag(tags, `cp3${minor}t`, place);
    }
    return { ...base, tags, doubt: tags.length > 0 ? "" : doubts.join("; ") };
  }
  const isBuilt = matcher(words(selectors).filter((w) => w !== ""));
  // Where the choice depends on an input, one of its values is enough.
  const skips = alternatives(texts(options.get("skip") ?? []));
  for (const tag of TAGS) {
    // `cp{313,314t}-*` names it, too.
    const isNamed = words(selectors).some((w) => w.includes(tag.slice("cp".length)));
    const offer = offered(tag, version, enable, supported, isNamed);
    if (offer === false) continue;
    const isSelected = skips.some((skip) => {
      const isSkipped = matcher(skip, false);
      return PLATFORMS.some((p) => isBuilt(`${tag}-${p}`) && !isSkipped(`${tag}-${p}`));
    });
    if (!isSelected) continue;
    if (offer === "perhaps") {
      doubts.push(`whether ${tag} is built depends on the version of cibuildwheel, which is pinned by a hash alone`);
      continue;
    }
    const named = selectors.find((s) =>
      (expanded(s.value, job?.settings ?? []) ?? []).some((t) => t.includes(tag.slice("cp".length))),
    );
    addTag(tags, tag, named ? quoteOf(named) : use);
  }
  if (tags.length > 0 || doubts.length > 0) return { ...base, tags, doubt: tags.length > 0 ? "" : doubts.join("; ") };
  const against = selectors[0] ?? (options.get("skip") ?? []).find((s) => /t-|t\*|t$/.test(s.value));
  return { ...base, tags, doubt: "", ...(against ? { against: quoteOf(against) } : {}) };
}

function addTag(tags: WheelBuild["tags"], tag: string, place: Quote): void {
  if (!tags.some((t) => t.tag === tag)) tags.push({ tag, place });
}

/** One list of patterns for each value that a computed setting can have. */
function alternatives(values: readonly (string[] | undefined)[]): string[][] {
  const words = (text: string) => text.split(/\s+/).filter((w) => w !== "");
  // A list in TOML has one setting for each element; all of them hold together.
  if (values.length > 1) return [values.flatMap((v) => (v?.length === 1 ? words(v[0]) : []))];
  const [only = [""]] = values;
  return only.map(words);
}

function matcher(patterns: readonly string[], empty = true): (identifier: string) => boolean {
  return patterns.length === 0 ? () => empty : picomatch([...patterns]);
}

/**
 * Whether a version of cibuildwheel knows a tag and builds it unasked. 2.18.1 brought cp313t behind an option, 3.0 renamed the option to
 * `enable`, 3.1 builds cp314t by default, and what followed 3.4 dropped cp313t (changelog of cibuildwheel).
 */
function offered(
  tag: string,
  version: Version,
  enable: readonly string[],
  supported: boolean,
  isNamed: boolean,
): boolean | "perhaps" {
  const optedIn = enable.includes("cpython-freethreading") || enable.includes("all") || supported;
  if (tag === "cp313t") {
    if (version === "newest") return false;
    if (version === "unknown") return optedIn ? "perhaps" : false;
    if (version.major > 3 || (version.major === 3 && version.minor > 4)) return false;
    return optedIn && (version.major === 3 || version.minor >= 18);
  }
  if (tag === "cp314t") {
    if (version === "newest") return true;
    if (version === "unknown") return isNamed ? true : "perhaps";
    return version.major > 3 || (version.major === 3 && version.minor >= 1);
  }
  return isNamed && (typeof version === "string" || version.major >= 4);
}

/** `pypa/cibuildwheel@v3.1.4`, `@<hash> # v3.1.4`, `pip install cibuildwheel==3.1.4`. */
function versionIn(use: Quote, job: JobSettings): Version {
  const parse = (text: string): Version | undefined => {
    const match = /(\d+)(?:\.(\d+))?/.exec(text);
    // `@v3` follows the newest of its series.
    return match ? { major: Number(match[1]), minor: match[2] === undefined ? 99 : Number(match[2]) } : undefined;
  };
  const action = /cibuildwheel@(\S+)/.exec(use.text);
  if (action) {
    if (/^[0-9a-f]{40}$/.test(action[1])) {
      const setting = job.settings.find((s) => s.line === use.line && s.file === use.file && s.comment !== undefined);
      return (setting?.comment && parse(setting.comment)) || "unknown";
    }
    return parse(action[1]) ?? "newest";
  }
  for (const { text } of job.commands) {
    const pinned = /cibuildwheel(?:\[\w+\])?\s*(==|~=|<=|<)\s*v?(\d[\d.]*)/.exec(text);
    if (pinned) return parse(pinned[2]) ?? "newest";
  }
  return "newest";
}

/** A variable in the environment of the job or its steps, on a command line, or written for later steps. */
function fromEnvironment(name: string, job: JobSettings): Setting[] {
  const settings = job.settings.filter((s) => s.path.at(-1) === name && s.value !== "");
  const assigned = new RegExp(`\\b${name}=(?:"([^"]*)"|'([^']*)'|(\\S+))`);
  const commands = job.commands.flatMap(({ file, line, text }) => {
    const match = assigned.exec(text);
    if (!match) return [];
    const value = (match[1] ?? match[2] ?? match[3]).replace(/["']\s*>>.*$/, "").replace(/["']$/, "");
    return [{ file, line, path: [name], value }];
  });
  return [...settings, ...commands];
}
