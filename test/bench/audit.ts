/**
 * `npm run bench -- DIR [--runs N]`: what an audit of DIR costs, as a user pays it: processes, not functions. Beside it
 * parsing alone, and ast-grep over the same files with one rule of ten call names. Ratios are of this run on this machine.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { discover } from "../../src/project/discover/discover.ts";
import { initGrammar, parseSource } from "../../src/syntax/parse.ts";
import { readSource } from "../../src/text/source.ts";

const CALLS = [
  "PyList_GetItem",
  "PyList_GET_ITEM",
  "PyDict_GetItem",
  "PyDict_GetItemString",
  "PyDict_GetItemWithError",
  "PyDict_Next",
  "PyDict_SetDefault",
  "PyWeakref_GetObject",
  "PyImport_AddModule",
  "PySequence_Fast_GET_ITEM",
];

const MAIN = join(import.meta.dirname, "../../cli/ungil.js");
/** Writes the peak of the process to a pipe when it ends; workers write it too, the largest counts. */
const PEAK =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,process.resourceUsage().maxRSS+"\\n"))';

interface Measured {
  seconds: number;
  peakMb: number;
}

function timed(command: string, args: string[], env: NodeJS.ProcessEnv = {}, peak = false): Measured {
  const start = performance.now();
  const run = spawnSync(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe", peak ? "pipe" : "ignore"],
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  if (run.error) throw run.error;
  if (run.status === null || run.status > 1) {
    throw new Error(`${command} ended with ${run.status ?? run.signal}: ${run.stderr.toString().slice(0, 500)}`);
  }
  const peaks = String(run.output[3] ?? "")
    .trim()
    .split("\n")
    .map(Number);
  return { seconds, peakMb: Math.max(...peaks) / 1024 };
}

function ungil(target: string, cache: string | null): Measured {
  const args = ["--import", PEAK, MAIN, "scan", target, "--format", "json", "--fail-on", "none"];
  if (cache === null) args.push("--no-cache");
  return timed(process.execPath, args, cache === null ? {} : { UNGIL_CACHE_DIR: cache }, true);
}

function best<T>(runs: number, work: () => T, seconds: (t: T) => number): T {
  let found = work();
  for (let i = 1; i < runs; i++) {
    const next = work();
    if (seconds(next) < seconds(found)) found = next;
  }
  return found;
}

/** The binary itself: the package's wrapper would only add a start of Node.js. */
function astGrep(): string {
  const require = createRequire(import.meta.url);
  const cli = dirname(require.resolve("@ast-grep/cli/package.json"));
  const { optionalDependencies } = JSON.parse(readFileSync(join(cli, "package.json"), "utf8"));
  for (const name of Object.keys(optionalDependencies)) {
    try {
      const folder = dirname(createRequire(join(cli, "x.js")).resolve(`${name}/package.json`));
      return join(folder, process.platform === "win32" ? "ast-grep.exe" : "ast-grep");
    } catch {
      // A package for another platform.
    }
  }
  throw new Error("@ast-grep/cli has no binary for this platform");
}

function astGrepRules(): string {
  const rule = (language: string) =>
    [
      `id: calls-${language.toLowerCase()}`,
      `language: ${language}`,
      "severity: warning",
      "message: call",
      "rule:",
      "  any:",
      ...CALLS.map((name) => `    - pattern: ${name}($$$)`),
    ].join("\n");
  return `${rule("C")}\n---\n${rule("Cpp")}\n`;
}

async function parseAlone(files: { path: string; file: string; template: boolean }[]): Promise<number> {
  await initGrammar("c");
  await initGrammar("cpp");
  const start = performance.now();
  for (const { path, file, template } of files) {
    const source = readSource(path, file);
    if ("problem" in source) continue;
    const language = /\.(cc|cpp|cxx|hpp|hh|inl)$/.test(file) ? "cpp" : "c";
    parseSource(source.text, { language, target: "3.13", template });
  }
  return (performance.now() - start) / 1000;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: "string", default: "1" } },
  });
  const [dir] = positionals;
  if (!dir) throw new Error("usage: npm run bench -- DIR [--runs N]");
  const runs = Number(values.runs);
  const { files } = await discover([dir]);
  const sized = files.map((f) => ({ ...f, size: statSync(f.path).size })).sort((a, b) => a.size - b.size);
  const mb = sized.reduce((n, f) => n + f.size, 0) / 1e6;
  const row = (name: string, seconds: number, more = "") =>
    process.stdout.write(`${name.padEnd(28)} ${seconds.toFixed(2).padStart(8)} s  ${more}\n`);
  process.stdout.write(`${dir}: ${files.length} files, ${mb.toFixed(1)} MB\n`);

  const cacheFolder = mkdtempSync(join(tmpdir(), "ungil-bench-"));
  try {
    const cold = best(
      runs,
      () => {
        rmSync(cacheFolder, { recursive: true, force: true });
        return ungil(dir, cacheFolder);
      },
      (m) => m.seconds,
    );
    row("cold", cold.seconds, `${(mb / cold.seconds).toFixed(1)} MB/s, peak ${cold.peakMb.toFixed(0)} MB`);
    const bare = best(
      runs,
      () => ungil(dir, null),
      (m) => m.seconds,
    );
    row("without cache", bare.seconds, `peak ${bare.peakMb.toFixed(0)} MB`);
    const warm = best(
      3,
      () => ungil(dir, cacheFolder),
      (m) => m.seconds,
    );
    row("warm", warm.seconds, `peak ${warm.peakMb.toFixed(0)} MB, ${(warm.seconds / cold.seconds).toFixed(3)} of cold`);
    const median = sized[Math.floor(sized.length / 2)];
    const one = best(
      3,
      () => ungil(median.path, null),
      (m) => m.seconds,
    );
    row("one file, median size", one.seconds, `${(median.size / 1e3).toFixed(0)} kB ${median.file}`);
    const largest = sized[sized.length - 1];
    const big = ungil(largest.path, null);
    row("one file, the largest", big.seconds, `${(largest.size / 1e3).toFixed(0)} kB ${largest.file}`);
    const parse = await parseAlone(files);
    row(
      "parsing alone, one thread",
      parse,
      `${(mb / parse).toFixed(1)} MB/s; cold is ${(cold.seconds / parse).toFixed(2)} of it`,
    );
    const rules = join(cacheFolder, "rules.yml");
    writeFileSync(rules, astGrepRules());
    const args = ["scan", "--rule", rules, "--no-ignore", "vcs", "--json=compact", ...files.map((f) => f.path)];
    const grep = best(
      Math.max(runs, 2),
      () => timed(astGrep(), args),
      (m) => m.seconds,
    );
    row("ast-grep, one rule", grep.seconds, `cold is ${(cold.seconds / grep.seconds).toFixed(2)} of it`);
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

await main();
