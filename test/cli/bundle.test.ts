import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "../../src/report/reporters.ts";
import { PseudoTerminal, whyNoTerminal } from "../tui/pseudo-terminal.ts";
import { MAIN, type Run, run, temporaryFolder, tree, ungil } from "./ungil.ts";

const root = join(import.meta.dirname, "../..");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** Much more than it is: what is grown by accident, a second copy of a library or React for development, is larger. */
const MAX_BYTES = 5.5e6;

let folder: string;
let demo: string;

/** The bundle with `args`, in a folder from which no `node_modules` can be reached. */
const bundled = (args: readonly string[], cwd = demo, env: NodeJS.ProcessEnv = {}): Run =>
  run(process.execPath, [join(folder, "ungil.mjs"), ...args], cwd, env);

beforeAll(() => {
  const top = temporaryFolder();
  folder = join(top, "ungil büro & co");
  demo = join(top, "demo");
  cpSync(join(root, "samples/demo"), demo, { recursive: true });
  // Builds what is not built.
  ungil(["--version"], demo);
  const built = run(process.execPath, [join(root, "dist/cli/dev/bundle/bundle.js"), folder], root);
  expect(built.stderr).toBe("");
  for (let at = folder; dirname(at) !== at; at = dirname(at)) expect(existsSync(join(at, "node_modules"))).toBe(false);
});

describe("the bundle", () => {
  it("is one file, and the licences of what is in it", () => {
    expect(readdirSync(folder).sort()).toEqual(["ungil.mjs", "ungil.mjs.LEGAL.txt"]);
    expect(readFileSync(join(folder, "ungil.mjs")).length).toBeLessThan(MAX_BYTES);
    const legal = readFileSync(join(folder, "ungil.mjs.LEGAL.txt"), "utf8");
    for (const name of [
      "react",
      "ink",
      "yoga-layout",
      "preact",
      "tinypool",
      "tree-sitter-cpp",
      "web-tree-sitter",
      "commander",
    ]) {
      expect(legal).toMatch(
        new RegExp(`^${name} \\d.*\\n\\n(?=[\\s\\S]*?(Permission is hereby granted|Redistribution))`, "m"),
      );
    }
  });

  const commands = [
    ...FORMATS.map((format) => ["scan", "--no-cache", "--format", format]),
    ["scan", "--no-cache", "--jobs", "2", "--format", "json"],
    ["fix", "--no-cache", "--diff"],
    ["fix", "--no-cache", "--dry-run", "--format", "json"],
    ["explain", "borrowed-dict-item"],
    ["plan", "--no-cache"],
    ["status", "--no-cache"],
    ["init", "--dry-run"],
    ["config"],
    ["sweep", ".", "--quiet"],
    ["rules"],
    ["--help"],
    ["--version"],
    ["scan", "no-such-folder"],
  ];
  it.each(commands.map((c) => [c.join(" "), c] as const))("prints what an installation prints: %s", (_, command) => {
    const expected = ungil(command, demo);
    expect(expected.stdout + expected.stderr).not.toBe("");
    expect(bundled(command)).toEqual(expected);
  });

  it("has the schema of the configuration in it", () => {
    const project = tree({ "ungil.toml": 'risk = "very"\n', "a.c": "int a;\n" });
    const said = bundled(["scan"], project);
    expect(said).toEqual(ungil(["scan"], project));
    expect(said.stderr).toMatch(/ungil\.toml:1.*`risk` must be one of/s);
  });

  it("fixes and takes it back", () => {
    const project = join(temporaryFolder(), "demo");
    cpSync(demo, project, { recursive: true });
    const before = readFileSync(join(project, "src/packet.c"), "utf8");
    expect(bundled(["fix", "--quiet"], project).code).toBe(0);
    expect(readFileSync(join(project, "src/packet.c"), "utf8")).not.toBe(before);
    expect(bundled(["undo"], project).code).toBe(0);
    expect(readFileSync(join(project, "src/packet.c"), "utf8")).toBe(before);
  });

  it("reads its cache again, wherever it is, and not that of an installation", () => {
    const cache = { UNGIL_CACHE_DIR: temporaryFolder() };
    const timing = (said: Run) => /cache\s(\w+)/.exec(said.stdout + said.stderr)?.[1];
    const args = ["scan", "--verbose"];
    const first = ungil(args, demo, cache);
    expect(timing(first)).toBe("cold");
    expect(timing(bundled(args, demo, cache))).toBe("cold");
    const copy = join(temporaryFolder(), "another-name.mjs");
    cpSync(join(folder, "ungil.mjs"), copy);
    expect(timing(run(process.execPath, [copy, ...args], demo, cache))).toBe("warm");
  });

  it("says what it needs on a Node.js that is too old, as an installation does", () => {
    const old = join(temporaryFolder(), "old.cjs");
    writeFileSync(
      old,
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });',
    );
    for (const script of [join(folder, "ungil.mjs"), join(root, packageJson.bin.ungil)]) {
      const { code, stdout, stderr } = run(process.execPath, ["--require", old, script, "--version"], demo);
      expect(stderr).toBe("ungil: Node.js 20.11 or newer is needed, this is 18.20.8.\n");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
    expect(packageJson.engines.node).toBe(">=20.11");
  });

  const missing = whyNoTerminal();
  if (missing !== undefined) process.stderr.write(`skipped: the bundle's review screen in a terminal: ${missing}\n`);
  it.skipIf(missing !== undefined)("shows the review screen", async () => {
    const terminal = new PseudoTerminal(demo, { columns: 120, rows: 30 }, {}, join(folder, "ungil.mjs"));
    try {
      terminal.start(["review"]);
      await terminal.shows(/33 high/);
      await terminal.shows(/borrowed-list-item/);
      terminal.press("q");
      expect(await terminal.ended()).toBe("0");
    } finally {
      terminal.kill();
    }
  });

  it("starts as fast", () => {
    const time = (script: string) => {
      const start = performance.now();
      run(process.execPath, [script, "scan", "--no-cache", "src/module.c"], demo);
      return performance.now() - start;
    };
    const best = { bundle: Number.POSITIVE_INFINITY, installed: Number.POSITIVE_INFINITY };
    for (let i = 0; i < 4; i++) {
      best.bundle = Math.min(best.bundle, time(join(folder, "ungil.mjs")));
      best.installed = Math.min(best.installed, time(MAIN));
    }
    expect(best.bundle / best.installed).toBeLessThan(1.5);
  });
});
