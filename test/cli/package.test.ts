import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fg from "fast-glob";
import { extract } from "tar";
import { beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "../../src/report/reporters.ts";
import { type Run, run, temporaryFolder, ungil } from "./ungil.ts";

const root = join(import.meta.dirname, "../..");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const onWindows = process.platform === "win32";

/** What may be in the package; anything else is there by accident. */
const ALLOWED = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/(cli|rules|src)\/[a-z0-9/.-]+\.js$/,
  /^dist\/src\/[a-z/]+\/schema\/ungil-[a-z]+-\d+\.schema\.json$/,
  /^dist\/build-id$/,
  /^dist\/src\/report\/html\/assets\/([a-z-]+\.(js|css)|preact\.LICENSE)$/,
  /^dist\/src\/syntax\/grammars\/tree-sitter-(c|cpp)\.(wasm|LICENSE)$/,
];
const FORBIDDEN = /\.map$|\.test\.|\/dev\/|\/(test|bench)\//;
/** Half as much again as it is. */
const MAX_PACKED = 1.6e6;
const MAX_UNPACKED = 10e6;

/** `npm` as a program that can be started without a shell. */
const npm = (args: readonly string[], cwd: string): Run =>
  onWindows
    ? run(process.env.ComSpec ?? "cmd.exe", ["/d", "/c", "npm", ...args], cwd)
    : run("npm", args, cwd, { npm_config_cache: join(cwd, "npm-cache") });

let packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[] };
let installed: string;
let demo: string;

beforeAll(() => {
  const top = temporaryFolder();
  // A checkout that has never been built.
  const checkout = join(top, "checkout");
  const skipped = new Set([".git", "node_modules", "dist", "samples", "test"]);
  for (const name of readdirSync(root)) {
    if (!skipped.has(name)) cpSync(join(root, name), join(checkout, name), { recursive: true });
  }
  cpSync(join(root, "test/bench"), join(checkout, "test/bench"), { recursive: true });
  mkdirSync(join(checkout, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules"))) {
    // What npm and others keep there for themselves.
    if (name.startsWith(".") && name !== ".bin") continue;
    symlinkSync(join(root, "node_modules", name), join(checkout, "node_modules", name), "junction");
  }
  const said = npm(["pack", "--json", "--offline", "--pack-destination", top], checkout);
  expect(said.code, said.stderr).toBe(0);
  [packed] = Object.values(JSON.parse(said.stdout)) as (typeof packed)[];

  installed = join(top, "leerer ordner für ungil", "node_modules");
  mkdirSync(join(installed, ".bin"), { recursive: true });
  mkdirSync(join(installed, "ungil"));
  extract({ file: join(top, packed.filename), cwd: join(installed, "ungil"), strip: 1, sync: true });
  // Only what package.json names: code that imports something else would not find it.
  for (const name of Object.keys(packageJson.dependencies)) {
    mkdirSync(dirname(join(installed, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(installed, name), "junction");
  }
  if (!onWindows) symlinkSync(join("..", "ungil", packageJson.bin.ungil), join(installed, ".bin/ungil"));
  demo = join(top, "demo");
  cpSync(join(root, "samples/demo"), demo, { recursive: true });
});

/** The command of the installed package. */
const command = (args: readonly string[], cwd = demo): Run =>
  onWindows
    ? run(process.execPath, [join(installed, "ungil", packageJson.bin.ungil), ...args], cwd)
    : run(join(installed, ".bin/ungil"), args, cwd);

describe("the npm package", () => {
  it("holds what is needed to run, and nothing else", () => {
    const paths = packed.files.map((f) => f.path);
    expect(paths.filter((path) => FORBIDDEN.test(path) || !ALLOWED.some((a) => a.test(path)))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(["LICENSE", "README.md", packageJson.bin.ungil]));
    const sources = fg.sync(["{cli,rules,src}/**/*.{ts,tsx}", "!cli/dev", "!src/report/html/client", "!**/*.d.ts"], {
      cwd: root,
    });
    const built = sources.map((path) => `dist/${path.replace(/\.tsx?$/, ".js")}`);
    const made = paths.filter((path) => path.endsWith(".js") && !path.includes("/assets/"));
    expect(made.sort()).toEqual(built.sort());
    for (const path of paths) {
      expect(readFileSync(join(installed, "ungil", path)).includes(root), `${path} names this machine`).toBe(false);
    }
  });

  it("keeps to its size", () => {
    const { size, unpackedSize, files } = packed;
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    process.stdout.write(`package: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)} in ${files.length} files\n`);
    expect(size).toBeLessThan(MAX_PACKED);
    expect(unpackedSize).toBeLessThan(MAX_UNPACKED);
  });

  it("exports files that are there", () => {
    const require = createRequire(join(installed, "somebody.js"));
    for (const name of Object.keys(packageJson.exports)) {
      const path = require.resolve(name.replace(/^\./, "ungil"));
      expect(path.startsWith(installed)).toBe(true);
      expect(JSON.parse(readFileSync(path, "utf8"))).toBeTypeOf("object");
    }
    for (const schema of fg.sync("src/**/*.schema.json", { cwd: root })) {
      expect(Object.values(packageJson.exports)).toContain(`./dist/${schema}`);
    }
  });

  it.skipIf(onWindows)("can be started", () => {
    const script = join(installed, "ungil", packageJson.bin.ungil);
    expect(readFileSync(script, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(script).mode & 0o111).toBe(0o111);
    expect(existsSync(join(installed, ".bin/ungil"))).toBe(true);
  });

  const commands = [
    ["--version"],
    ...FORMATS.map((format) => ["scan", "--no-cache", "--format", format]),
    ["scan", "--no-cache", "--jobs", "2"],
    ["fix", "--no-cache", "--diff"],
    ["explain", "unlocked-instance-state"],
    ["rules"],
  ];
  it.each(commands.map((c) => [c.join(" "), c] as const))("does what the checkout does: %s", (_, args) => {
    expect(command(args)).toEqual(ungil(args, demo));
  });

  it("reads the cache of another installation of the same version", () => {
    const cache = temporaryFolder();
    const other = join(temporaryFolder(), "node_modules");
    cpSync(join(installed, "ungil"), join(other, "ungil"), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name !== "ungil") symlinkSync(join(installed, name), join(other, name), "junction");
    }
    const timing = (modules: string) => {
      const args = [join(modules, "ungil", packageJson.bin.ungil), "scan", "--verbose"];
      return /cache\s(\w+)/.exec(run(process.execPath, args, demo, { UNGIL_CACHE_DIR: cache }).stdout)?.[1];
    };
    expect([timing(installed), timing(other)]).toEqual(["cold", "warm"]);
  });

  it("depends on what its code imports, and on nothing else", () => {
    const used = new Set<string>();
    for (const file of fg.sync("dist/**/*.js", { cwd: join(installed, "ungil") })) {
      const text = readFileSync(join(installed, "ungil", file), "utf8");
      const imports = text.matchAll(/(?:from|import)\s*\(?\s*"((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^"]*)?"/g);
      for (const [, name] of imports) used.add(name);
    }
    expect([...used].sort()).toEqual(Object.keys(packageJson.dependencies).sort());
  });
});
