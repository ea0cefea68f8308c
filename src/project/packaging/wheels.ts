/** Wheels that are built for free-threaded interpreters, by whatever tool. */
import { builtByConfiguration, builtInJob, configuredOptions } from "./cibuildwheel.ts";
import type { PackagingFiles } from "./files.ts";
import type { JobSettings } from "./jobs.ts";
import { freeThreadedMinors } from "./tokens.ts";
import type { Quote, WheelBuild } from "./types.ts";

const CONFIGURATIONS = ["pyproject.toml", "{.,}cibuildwheel*.toml"];
/** What keeps a wheel: a job without it builds one only to test it. */
const KEEPS = /upload-artifact|twine|pypi-publish|\buv publish\b|maturin (?:publish|upload)|\bgh release\b|wheelhouse/;

/** All builds that CI and the configuration describe, in their order. */
export function wheelBuilds(files: PackagingFiles, jobs: readonly JobSettings[]): WheelBuild[] {
  const configured = new Map(
    [...new Set([files.top, ...files.packages])]
      .flatMap((folder) => CONFIGURATIONS.flatMap((name) => files.find(folder, [name])))
      .flatMap((path) => [...configuredOptions(files.settings(path))]),
  );
  const mentioned = jobs.flatMap(({ settings }) => settings).flatMap(mentions);
  const builds: WheelBuild[] = [];
  for (const job of jobs) {
    const own = mentioned.filter((m) => m.file === job.file);
    const byTool = builtInJob(job, configured, own);
    for (const wheel of byTool.length > 0 ? byTool : [byMaturin(job) ?? byHand(job) ?? []].flat()) {
      // A workflow that others use is a job of its own and a part of theirs.
      if (!builds.some((b) => b.file === wheel.file && b.line === wheel.line)) builds.push(wheel);
    }
  }
  const isRun = builds.some(({ tool }) => tool === "cibuildwheel");
  const unused = isRun ? undefined : builtByConfiguration(configured);
  return unused ? [...builds, unused] : builds;
}

/** Wheel tags that a setting names, line by line: matrices are also written as text for a script to read. */
function mentions({ file, line, value }: { file: string; line: number; value: string }): Quote[] {
  if (!/cp31\dt/.test(value)) return [];
  return value
    .split("\n")
    .map((text, i) => ({ file, line: line + i, text: text.trim() }))
    .filter(({ text }) => /cp31\dt/.test(text) && !text.startsWith("#"));
}

function byMaturin(job: JobSettings): WheelBuild | undefined {
  const use = job.wheels.find(({ text }) => /maturin/.test(text));
  if (use === undefined) return undefined;
  const isAction = /maturin-action@/.test(use.text);
  const command = job.settings.find((s) => s.path.at(-1) === "command")?.value ?? "build";
  if (isAction && !/^(build|publish)/.test(command)) return undefined;
  if (!isAction && !keeps(job)) return undefined;
  const tags = tagsOf(job);
  const findsAll = [...job.settings.map((s) => s.value), ...job.commands.map((c) => c.text)].some((text) =>
    text.includes("--find-interpreter"),
  );
  const doubt =
    tags.length === 0 && findsAll
      ? "`--find-interpreter` takes the interpreters that the machine has, and which those are is not written here"
      : "";
  return { ...use, tool: "maturin", tags, doubt };
}

/** `python -m build` and its like in a job that keeps what it builds. */
function byHand(job: JobSettings): WheelBuild | undefined {
  const [use] = job.wheels;
  if (use === undefined || !keeps(job)) return undefined;
  return { ...use, tool: "build", tags: tagsOf(job), doubt: "" };
}

function keeps(job: JobSettings): boolean {
  return [...job.settings.map((s) => s.value), ...job.commands.map((c) => c.text)].some((text) => KEEPS.test(text));
}

function tagsOf(job: JobSettings): WheelBuild["tags"] {
  const tags = new Map<string, Quote>();
  for (const place of job.freeThreaded) {
    for (const minor of freeThreadedMinors(place.text)) {
      const tag = `cp3${minor}t`;
      if (!tags.has(tag)) tags.set(tag, place);
    }
  }
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, place]) => ({ tag, place }));
}
