import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { type ArchiveLimits, DEFAULT_LIMITS } from "../../../../src/audit/sweep/archive/limits.ts";
import { unpack } from "../../../../src/audit/sweep/archive/unpack.ts";
import { type TarEntry, tar, tarBlocks, type ZipEntry, zip } from "./archives.ts";

const MB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "ungil-unpack-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** Unpacks `bytes` two folders below one that must stay as it is; `written` are the files that are there now, with their text. */
async function unpacked(name: string, bytes: Buffer, limits: Partial<ArchiveLimits> = {}) {
  const outer = join(folder, String(count++));
  const into = join(outer, "a/b");
  mkdirSync(into, { recursive: true });
  const path = join(outer, name);
  writeFileSync(path, bytes);
  const answer = await unpack(path, into, { ...DEFAULT_LIMITS, ...limits });
  expect(readdirSync(outer).sort()).toEqual(["a", name].sort());
  expect(readdirSync(join(outer, "a"))).toEqual(["b"]);
  const written = Object.fromEntries(filesBelow(into).map((f) => [f, readFileSync(join(into, f), "utf8")]));
  return { ...answer.unpacked, root: relative(into, answer.root), written, into };
}

function filesBelow(top: string, below = ""): string[] {
  return readdirSync(join(top, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    expect(entry.isSymbolicLink()).toBe(false);
    if (entry.isDirectory()) return filesBelow(top, path);
    return entry.name === ".git" ? [] : [path];
  });
}

const targz = (entries: TarEntry[], limits?: Partial<ArchiveLimits>) =>
  unpacked("x.tar.gz", gzipSync(tar(entries)), limits);
const zipped = (entries: ZipEntry[], limits?: Partial<ArchiveLimits>) => unpacked("x.zip", zip(entries), limits);

const GOOD = { path: "pkg-1.0/src/x.c", content: "int x;\n" };
const onlyGood = { "pkg-1.0/src/x.c": "int x;\n" };

describe("what is written", () => {
  const entries = [
    { path: "pkg-1.0/", type: "Directory" },
    { path: "pkg-1.0/PKG-INFO", content: "Name: pkg\n" },
    GOOD,
    { path: "./pkg-1.0//src/./y.h", content: "int y;\n" },
    { path: "pkg-1.0/setup.py", content: "setup()\n" },
    { path: "pkg-1.0/pkg/__init__.py", content: "" },
    { path: "pkg-1.0/docs.zip", content: "PK" },
  ];

  it.each([
    ["tar.gz", () => targz(entries)],
    ["tar", () => unpacked("x.tar", tar(entries))],
    ["zip", () => zipped(entries)],
    ["stored zip", () => zipped(entries.map((e) => ({ ...e, stored: true })))],
    ["zip with data descriptors", () => zipped(entries.map((e) => ({ ...e, descriptor: true })))],
    ["zip64", () => zipped(entries.map((e) => ({ ...e, zip64: true })))],
  ])("is what an audit reads: %s", async (_, make) => {
    const { written, root, ...counts } = await make();
    expect(written).toEqual({
      ...onlyGood,
      "pkg-1.0/PKG-INFO": "Name: pkg\n",
      "pkg-1.0/src/y.h": "int y;\n",
      "pkg-1.0/setup.py": "setup()\n",
    });
    expect(root).toBe("pkg-1.0");
    expect(counts).toMatchObject({ entries: 7, files: 4, unneeded: 2, skipped: [] });
  });

  it("starts at the top if there is more than one folder, or a file beside it", async () => {
    expect((await targz([GOOD, { path: "other/README" }])).root).toBe("");
    expect((await zipped([GOOD, { path: "README" }])).root).toBe("");
    expect((await targz([{ path: "x.c", content: "int x;" }])).root).toBe("");
  });

  it("is one's own: no set-user-ID, nothing for others", async () => {
    const { into } = await targz([{ ...GOOD, mode: 0o6777 }]);
    expect(statSync(join(into, GOOD.path)).mode & 0o7777).toBe(0o600);
    expect(statSync(join(into, "pkg-1.0")).mode & 0o7777).toBe(0o700);
  });

  it("has long names in all their encodings", async () => {
    const long = `pkg-1.0/${"n".repeat(120)}/${"m".repeat(120)}.c`;
    const pax = await targz([{ path: "short.c", content: "int p;\n", pax: { path: long } }]);
    expect(pax.written).toEqual({ [long]: "int p;\n" });
    const gnu = await targz([
      { path: "././@LongLink", type: "NextFileHasLongPath", content: `${long}\0` },
      { path: "pkg-1.0/nn", content: "int g;\n" },
    ]);
    expect(gnu.written).toEqual({ [long]: "int g;\n" });
  });

  it("is the last of two entries of one name", async () => {
    const { written, files } = await targz([GOOD, { ...GOOD, content: "int z;\n" }]);
    expect([written, files]).toEqual([{ "pkg-1.0/src/x.c": "int z;\n" }, 1]);
  });
});

describe("what is left out is counted with its reason", () => {
  it.each([
    ["leaves the folder", "../../evil.c"],
    ["leaves the folder", "pkg-1.0/../../evil.c"],
    ["absolute path", "/tmp/ungil-evil.c"],
    ["drive letter", "C:/evil.c"],
    ["drive letter", "c:evil.c"],
    ["control character in the name", "pkg-1.0/a\nb.c"],
    ["control character in the name", "pkg-1.0/\x1b[31m.c"],
    ["name too long", `pkg-1.0/${"x".repeat(300)}.c`],
    ["name too long", `${"long/".repeat(400)}x.c`],
  ])("%s: %.40j", async (reason, path) => {
    const skipped = [{ reason, entries: 1, examples: [path.slice(0, 255)] }];
    const asTar = await targz([GOOD, { path: "short.c", content: "evil", pax: { path } }]);
    // Lines of pax headers end at a newline.
    if (!path.includes("\n")) expect(asTar).toMatchObject({ written: onlyGood, skipped });
    const utf8 = 0x800;
    expect(await zipped([GOOD, { path, content: "evil", flags: utf8 }])).toMatchObject({ written: onlyGood, skipped });
  });

  it("backslashes: a name in tar archives, folders in zip archives", async () => {
    const path = "pkg-1.0\\..\\..\\evil.c";
    expect((await targz([GOOD, { path, content: "evil" }])).skipped[0].reason).toBe("backslash in the name");
    expect((await zipped([GOOD, { path, content: "evil" }])).skipped[0].reason).toBe("leaves the folder");
    const { written } = await zipped([{ path: "pkg-1.0\\src\\x.c", content: "int x;\n" }]);
    expect(written).toEqual(onlyGood);
  });

  it("NUL in the names of zip archives", async () => {
    const { written, skipped } = await zipped([GOOD, { path: "pkg-1.0/a.c\0.txt", content: "evil" }]);
    expect([written, skipped[0].reason]).toEqual([onlyGood, "control character in the name"]);
  });

  it("links, devices and the like in tar archives", async () => {
    const { written, skipped } = await targz([
      GOOD,
      { path: "pkg-1.0/link.c", type: "SymbolicLink", linkpath: "/etc/passwd" },
      { path: "pkg-1.0/folder", type: "SymbolicLink", linkpath: "../../.." },
      { path: "pkg-1.0/folder/x.c", content: "int f;\n" },
      { path: "pkg-1.0/hard.c", type: "Link", linkpath: "/etc/passwd" },
      { path: "pkg-1.0/null.c", type: "CharacterDevice" },
      { path: "pkg-1.0/disk.c", type: "BlockDevice" },
      { path: "pkg-1.0/pipe.c", type: "FIFO" },
      { path: "pkg-1.0/sparse.c", type: "SparseFile", content: "x" },
      { path: "pkg-1.0/GNUSparseFile.1/pax.c", content: "1\n0\n" },
    ]);
    // What stood below a link is a plain folder here.
    expect(written).toEqual({ ...onlyGood, "pkg-1.0/folder/x.c": "int f;\n" });
    expect(skipped.map((s) => [s.reason, s.entries])).toEqual([
      ["FIFO", 1],
      ["device", 2],
      ["hard link", 1],
      ["sparse file", 2],
      ["symbolic link", 2],
    ]);
  });

  it("links, encrypted entries and unknown compressions in zip archives", async () => {
    const { written, skipped } = await zipped([
      GOOD,
      { path: "pkg-1.0/link.c", mode: 0o120777, content: "/etc/passwd" },
      { path: "pkg-1.0/secret.c", flags: 1, content: "x" },
      { path: "pkg-1.0/lzma.c", method: 14, content: "x" },
    ]);
    expect(written).toEqual(onlyGood);
    expect(skipped.map((s) => s.reason)).toEqual(["compression method 14", "encrypted", "symbolic link"]);
  });

  it("names that are one on other file systems, or a file and a folder", async () => {
    const { written, skipped } = await targz([
      GOOD,
      { path: "pkg-1.0/SRC/x.c", content: "other" },
      { path: "pkg-1.0/src/X.c", content: "other" },
      { path: "pkg-1.0/caf\u00e9.c", content: "int e;\n" },
      { path: "pkg-1.0/cafe\u0301.c", content: "other" },
      { path: "pkg-1.0/src/x.c/y.c", content: "other" },
      { path: "pkg-1.0/d.c/y.c", content: "int d;\n" },
      { path: "pkg-1.0/d.c", content: "other" },
    ]);
    expect(written).toEqual({ ...onlyGood, "pkg-1.0/caf\u00e9.c": "int e;\n", "pkg-1.0/d.c/y.c": "int d;\n" });
    expect(skipped.map((s) => [s.reason, s.entries])).toEqual([
      ["both a file and a folder", 2],
      ["differs from another name only by case or accents", 3],
    ]);
  });

  it("files above the limit", async () => {
    const large = { path: "pkg-1.0/big.c", content: Buffer.alloc(2 * MB, "x") };
    for (const answer of [await targz([GOOD, large], { file: MB }), await zipped([GOOD, large], { file: MB })]) {
      expect(answer.written).toEqual(onlyGood);
      expect(answer.skipped).toEqual([
        { reason: "larger than 1 MB (--max-file raises the limit)", entries: 1, examples: ["pkg-1.0/big.c"] },
      ]);
    }
  });
});

describe("bombs are refused", () => {
  const zeros = { path: "pkg-1.0/zeros.c", content: Buffer.alloc(40 * MB) };

  it("by what they unpack to", async () => {
    const limits = { unpacked: 20 * MB, ratio: 1e6 };
    await expect(targz([zeros], limits)).rejects.toThrow("more than 20 MB (--max-unpacked");
    await expect(zipped([zeros], limits)).rejects.toThrow("more than 20 MB (--max-unpacked");
    const padding = gzipSync(Buffer.concat([tar([GOOD]), Buffer.alloc(40 * MB)]));
    await expect(unpacked("x.tgz", padding, limits)).rejects.toThrow("more than 20 MB");
  });

  it("by their ratio, but not while they are small", async () => {
    await expect(targz([zeros])).rejects.toThrow("more than 200 times its size (--max-ratio");
    await expect(zipped([zeros])).rejects.toThrow("more than 200 times its size");
    expect((await targz([zeros], { ratio: 2000 })).files).toBe(1);
    expect((await targz([{ ...zeros, content: Buffer.alloc(MB) }])).files).toBe(1);
  });

  it("by their number of entries", async () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ path: `p/${i}.py` }));
    await expect(targz(many, { entries: 100 })).rejects.toThrow("more than 100 entries (--max-entries");
    await expect(zipped(many, { entries: 100 })).rejects.toThrow("more than 100 entries");
  });

  it("when they are compressed twice", async () => {
    await expect(unpacked("x.tar.gz", gzipSync(gzipSync(tar([GOOD]))))).rejects.toThrow("compressed twice");
  });

  it("when a zip entry is larger than it says", async () => {
    const liar = { path: "p/x.c", content: Buffer.alloc(MB), size: 10 };
    await expect(zipped([liar])).rejects.toThrow(/^the archive is damaged: /);
  });
});

describe("damage is told", () => {
  const whole = gzipSync(tar([GOOD, { path: "pkg-1.0/y.c", content: Buffer.alloc(5000, "y") }]));

  it.each<[string, string, Buffer, string | RegExp]>([
    ["a truncated tar.gz", "x.tar.gz", whole.subarray(0, -20), "the archive is truncated"],
    ["a truncated tar", "x.tar", tarBlocks([GOOD]).subarray(0, 700), "the archive is truncated"],
    [
      "a tar that ends between two blocks",
      "x.tar",
      tarBlocks([{ ...GOOD, content: "x".repeat(600) }]).subarray(0, 1024),
      "the archive is truncated",
    ],
    ["an empty file", "x.tar.gz", Buffer.alloc(0), "the archive is empty"],
    ["another file", "x.tar.gz", Buffer.from("#!/bin/sh\necho no archive\n"), "the archive is truncated"],
    ["a longer one", "x.tar", Buffer.alloc(4096, "no archive "), /damaged|not a tar archive/],
    [
      "a wrong checksum in a header",
      "x.tar",
      Buffer.concat([tarBlocks([GOOD]).fill(7, 0, 3), Buffer.alloc(1024)]),
      /damaged: checksum/,
    ],
    ["a flipped bit in gzip data", "x.tgz", Buffer.from(whole).fill(255, 30, 40), /^the archive is damaged: /],
    ["a truncated zip", "x.zip", zip([GOOD]).subarray(0, -30), /^the archive is damaged: /],
    ["no zip at all", "x.whl", Buffer.alloc(4096, "no archive "), /^the archive is damaged: /],
    [
      "a wrong checksum in a zip",
      "x.zip",
      zip([{ ...GOOD, crc: 1 }]),
      "the archive is damaged: the checksum of pkg-1.0/src/x.c is wrong",
    ],
    [
      "another compression",
      "x.tar.xz",
      Buffer.from("\xfd7zXZ"),
      "this compression cannot be read: pack it again as .tar.gz or .zip",
    ],
  ])("%s", async (_, name, bytes, message) => {
    await expect(unpacked(name, bytes)).rejects.toThrow(message);
  });

  it("whatever the bytes are", async () => {
    // Linear congruential: the same bytes on every run.
    let seed = 1;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    const originals: [string, Buffer][] = [
      ["x.tar", tar([GOOD, { path: "pkg-1.0/y.c", content: "int y;", pax: { path: "pkg-1.0/z.c" } }])],
      ["x.zip", zip([GOOD, { path: "pkg-1.0/y.c", content: "int y;", descriptor: true }])],
    ];
    for (const [name, original] of originals) {
      for (let i = 0; i < 300; i++) {
        const bytes = Buffer.from(original);
        for (let n = 0; n <= random(4); n++) bytes[random(bytes.length)] = random(256);
        const outcome = await unpacked(name, bytes).catch((error: Error) => error);
        if (outcome instanceof Error) expect([outcome.name, outcome.stack]).toEqual(["ArchiveError", outcome.stack]);
      }
    }
    expect(existsSync(join(folder, "evil.c"))).toBe(false);
  });
});
