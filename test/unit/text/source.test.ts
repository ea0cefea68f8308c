import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeSource, encodeSource, readSource, type SourceText } from "../../../src/text/source.ts";

function decoded(bytes: Uint8Array): SourceText {
  const source = decodeSource(bytes, "a.c");
  if ("problem" in source) throw new Error(source.problem.message);
  return source;
}

describe("decodeSource", () => {
  test.each([
    ["plain", Buffer.from("int a;\n"), "utf-8"],
    ["empty", Buffer.alloc(0), "utf-8"],
    ["UTF-8", Buffer.from("/* é ü 😀 */\n"), "utf-8"],
    ["byte order mark", Buffer.from("\uFEFFint a;\n"), "utf-8-bom"],
    ["Latin-1", Buffer.from([0x2f, 0x2f, 0xe9, 0x0a]), "latin-1"],
    ["byte order mark and broken UTF-8", Buffer.from([0xef, 0xbb, 0xbf, 0xe9, 0x0a]), "latin-1"],
    ["every byte but NUL", Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1)), "latin-1"],
  ])("%s comes back byte for byte", (_name, bytes, encoding) => {
    const source = decoded(bytes);
    expect(source.encoding).toBe(encoding);
    expect(encodeSource(source.text, source.encoding).equals(bytes)).toBe(true);
    expect(source.bytes).toBe(bytes.length);
  });

  test("a byte order mark is not part of the text", () => {
    expect(decoded(Buffer.from("\uFEFFint a;")).text).toBe("int a;");
  });

  test("line breaks are recognised", () => {
    const eols = ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "a\r\nb\n", "a"].map((text) => decoded(Buffer.from(text)).eol);
    expect(eols).toEqual(["\n", "\r\n", "\r", "mixed", "\n"]);
  });

  test("the hash depends on the bytes alone", () => {
    const a = decoded(Buffer.from("x"));
    const b = decodeSource(Buffer.from("x"), "other.c") as SourceText;
    expect(a.hash).toBe(b.hash);
    expect(a.hash).toMatch(/^[0-9a-f]{32}$/);
    expect(a.hash).not.toBe(decoded(Buffer.from("y")).hash);
  });

  test("one NUL in text is counted, the text is still read", () => {
    const source = decoded(Buffer.from(`${"int a;\n".repeat(50)}\0int b;\n`));
    expect(source.problems).toMatchObject([{ kind: "encoding", start: 350, skipped: false }]);
    expect(source.text).toContain("int b;");
  });

  test("binary data is skipped", () => {
    const source = decodeSource(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0]), "a.c");
    expect(source).toMatchObject({ problem: { kind: "binary", skipped: true, file: "a.c" } });
  });

  test("text that Latin-1 cannot express is refused", () => {
    expect(() => encodeSource("€", "latin-1")).toThrow(RangeError);
  });
});

describe("readSource", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ungil-source-"));
    writeFileSync(join(folder, "a.c"), "int a;\r\n");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("reads a file", () => {
    expect(readSource(join(folder, "a.c"), "src/a.c")).toMatchObject({
      file: "src/a.c",
      text: "int a;\r\n",
      eol: "\r\n",
    });
  });

  test("a missing file is a problem with the reason", () => {
    const result = readSource(join(folder, "no.c"), "no.c");
    expect(result).toMatchObject({ problem: { kind: "unreadable", skipped: true } });
    expect((result as { problem: { message: string } }).problem.message).toContain("no such file or directory");
  });

  test("a folder and a file over the limit are problems", () => {
    expect(readSource(folder, "x.c")).toMatchObject({ problem: { kind: "unreadable" } });
    expect(readSource(join(folder, "a.c"), "a.c", { maxBytes: 3 })).toMatchObject({ problem: { kind: "too-large" } });
  });
});
