/** Source files as text: decoding that can be undone byte for byte, line breaks, hash. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import type { Problem } from "../ir/facts.ts";
import { detectEol, type Eol } from "./lines.ts";

export type Encoding = "utf-8" | "utf-8-bom" | "latin-1";

export interface SourceText {
  /** Path relative to the scanned root, forward slashes. */
  file: string;
  /** Decoded text without a byte order mark. */
  text: string;
  /** Size on disk in bytes. */
  bytes: number;
  encoding: Encoding;
  eol: Eol;
  /** First 32 hex digits of the SHA-256 of the bytes on disk. */
  hash: string;
  problems: Problem[];
}

export interface ReadOptions {
  /** Larger files are not read. */
  maxBytes?: number;
}

/** Fifty megabytes: the largest file that is read by default. */
export const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;

/** How much of a file is looked at to tell text from binary data. */
const SNIFF_BYTES = 8192;

/**
 * Reads and decodes one file. Instead of throwing it returns the problem that kept the file from being read: unreadable, too
 * large, or binary.
 */
export function readSource(
  absPath: string,
  relPath: string,
  options: ReadOptions = {},
): SourceText | { problem: Problem } {
  const limit = options.maxBytes ?? DEFAULT_MAX_BYTES;
  let bytes: Buffer;
  try {
    const fd = openSync(absPath, "r");
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) return { problem: problem(relPath, "unreadable", "not a regular file") };
      if (stat.size > limit) {
        return { problem: problem(relPath, "too-large", `${stat.size} bytes, more than the limit of ${limit}`) };
      }
      bytes = readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return { problem: problem(relPath, "unreadable", describeError(error)) };
  }
  return decodeSource(bytes, relPath);
}

/** The same for bytes that are in memory already. */
export function decodeSource(bytes: Uint8Array, relPath: string): SourceText | { problem: Problem } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nul = buffer.indexOf(0);
  if (nul >= 0 && looksBinary(buffer)) {
    return { problem: problem(relPath, "binary", "binary data, not source text") };
  }
  const problems: Problem[] = [];
  const { text, encoding } = decode(buffer);
  if (nul >= 0) {
    const start = text.indexOf("\0");
    problems.push({ ...problem(relPath, "encoding", "NUL byte in the text"), start, end: start + 1, skipped: false });
  }
  return {
    file: relPath,
    text,
    bytes: buffer.length,
    encoding,
    eol: detectEol(text),
    hash: createHash("sha256").update(buffer).digest("hex").slice(0, 32),
    problems,
  };
}

/** The bytes of `text` in a file of this encoding: the inverse of `decodeSource`. Throws RangeError if Latin-1 cannot express it. */
export function encodeSource(text: string, encoding: Encoding): Buffer {
  if (encoding !== "latin-1") return Buffer.from(encoding === "utf-8-bom" ? `\uFEFF${text}` : text, "utf8");
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 255) throw new RangeError(`character at ${i} cannot be written in Latin-1`);
  }
  return Buffer.from(text, "latin1");
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(buffer: Buffer): { text: string; encoding: Encoding } {
  try {
    const text = strictUtf8.decode(buffer);
    if (text.charCodeAt(0) === 0xfeff) return { text: text.slice(1), encoding: "utf-8-bom" };
    return { text, encoding: "utf-8" };
  } catch {
    // Not valid UTF-8: every byte is a character of Latin-1, so nothing can be lost.
    return { text: buffer.toString("latin1"), encoding: "latin-1" };
  }
}

/** Data with a NUL byte is binary if a NUL comes early and often, or with other control characters that no source has. */
function looksBinary(buffer: Buffer): boolean {
  const end = Math.min(buffer.length, SNIFF_BYTES);
  let nuls = 0;
  let controls = 0;
  for (let i = 0; i < end; i++) {
    const byte = buffer[i]!;
    if (byte === 0) nuls++;
    else if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27 && byte !== 26) controls++;
  }
  return nuls * 50 > end || controls * 100 > end || (nuls > 0 && controls > 0);
}

function problem(file: string, kind: Problem["kind"], message: string): Problem {
  return { file, kind, message, skipped: true };
}

function describeError(error: unknown): string {
  const { code, errno, message } = error as { code?: string; errno?: number; message?: string };
  const text = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  return code ? `${text ?? "cannot be read"} (${code})` : (message ?? String(error));
}
