/** Reads zip archives, wheels among them. */
import { constants } from "node:fs";
import crc32 from "crc-32";
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from "yauzl";
import type { EntryType, Gatherer } from "./gather.ts";
import { ArchiveError, type Meter } from "./limits.ts";

/** `version made by` of archives whose external attributes hold the mode of a Unix file. */
const UNIX = 3;
const STORED = 0;
const DEFLATED = 8;

/**
 * Gives the entries of the archive at `path` to `gatherer`; only what it accepts is unpacked.
 * @throws ArchiveError if it is damaged, or above the limits of `meter`.
 */
export async function readZip(path: string, gatherer: Gatherer, meter: Meter): Promise<void> {
  // Names are checked here, one by one: the library would give the whole archive up for the first bad one.
  const zip = await damaged(openPromise(path, { decodeStrings: false, autoClose: false }));
  try {
    const entries = zip.eachEntry()[Symbol.asyncIterator]();
    for (;;) {
      const { value: entry, done } = await damaged(entries.next());
      if (done) return;
      meter.addEntry();
      await take(zip, entry, gatherer, meter);
    }
  } finally {
    zip.close();
  }
}

async function take(zip: ZipFile, entry: Entry, gatherer: Gatherer, meter: Meter): Promise<void> {
  const { generalPurposeBitFlag, fileNameRaw, extraFields, compressionMethod, uncompressedSize } = entry;
  const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  const path = gatherer.accept(name, typeOf(entry, name), uncompressedSize);
  if (path === undefined) return;
  if (entry.isEncrypted()) return gatherer.skip("encrypted", name);
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    return gatherer.skip(`compression method ${compressionMethod}`, name);
  }
  const stream = await damaged(zip.openReadStreamPromise(entry));
  const chunks: Buffer[] = [];
  const read = async () => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      meter.addBytes(chunk.length);
      chunks.push(chunk);
    }
  };
  await damaged(read());
  const content = Buffer.concat(chunks);
  if (crc32.buf(content) >>> 0 !== entry.crc32) {
    throw new ArchiveError(`the archive is damaged: the checksum of ${name} is wrong`);
  }
  gatherer.write(path, content);
}

function typeOf({ versionMadeBy, externalFileAttributes }: Entry, name: string): EntryType {
  const mode = versionMadeBy >>> 8 === UNIX ? externalFileAttributes >>> 16 : 0;
  switch (mode & constants.S_IFMT) {
    case constants.S_IFLNK:
      return "symbolic link";
    case constants.S_IFCHR:
    case constants.S_IFBLK:
      return "device";
    case constants.S_IFIFO:
      return "FIFO";
    default:
      return name.endsWith("/") ? "folder" : "file";
  }
}

/** What the library or the decompression complains of is damage; errors of the file system stay what they are. */
async function damaged<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && !code.startsWith("Z_")) throw error;
    throw new ArchiveError(`the archive is damaged: ${message}`);
  }
}
