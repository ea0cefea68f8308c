import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { packageInfo } from "../../../../src/audit/sweep/package-info.ts";

const top = mkdtempSync(join(tmpdir(), "ungil-info-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const SETUP_PY = 'v = "1"\nExtension(name="wrong")\nsetup(\n    name="lamp",\n    version="2.0",\n)\n';
const CLASSIFIER = "Programming Language :: Python :: Free Threading :: 3 - Stable";

it.each<[string, Record<string, string>, [name: string, version: string | null, classifier: boolean] | null]>([
  [
    "an sdist",
    { "PKG-INFO": `Metadata-Version: 2.1\nName: lamp\nVersion: 1.0\nClassifier: ${CLASSIFIER}\n\nName: other\n` },
    ["lamp", "1.0", true],
  ],
  ["a wheel", { "lamp-1.0.dist-info/METADATA": "Name: lamp\r\nVersion: 1.0\r\n" }, ["lamp", "1.0", false]],
  [
    "a project",
    { "pyproject.toml": `[project]\nname = "lamp"\nversion = "1.1"\nclassifiers = ["${CLASSIFIER}"]\n` },
    ["lamp", "1.1", true],
  ],
  [
    "a version that is computed",
    {
      "pyproject.toml": '[project]\nname = "lamp"\ndynamic = ["version"]\n',
      "setup.cfg": "[metadata]\nversion = attr: lamp.v\n",
    },
    ["lamp", null, false],
  ],
  ["poetry", { "pyproject.toml": '[tool.poetry]\nname = "lamp"\nversion = "1.2"\n' }, ["lamp", "1.2", false]],
  [
    "setup.cfg",
    { "setup.cfg": "[metadata]\nname = lamp\nversion = 1.3\n\n[options]\nname = x\n" },
    ["lamp", "1.3", false],
  ],
  ["setup.py", { "setup.py": SETUP_PY }, ["lamp", "2.0", false]],
  ["broken TOML beside it", { "pyproject.toml": "[", "setup.py": SETUP_PY }, ["lamp", "2.0", false]],
  ["escape sequences", { "PKG-INFO": "Name: la\x1b[31mmp\n" }, null],
  ["nothing", {}, null],
])("the package of %s", (name, files, wanted) => {
  const folder = join(top, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const info = packageInfo(folder);
  expect(info && [info.name, info.version, info.classifier]).toEqual(wanted);
});
