/** Builds archives byte by byte, also such as no packer would write. */
import { writeFileSync } from "node:fs";
import { deflateRawSync, gzipSync } from "node:zlib";
import crc32 from "crc-32";
import { Header, Pax } from "tar";

type HeaderFields = ConstructorParameters<typeof Header>[0];

export interface TarEntry {
  path: string;
  content?: string | Buffer;
  type?: string;
  linkpath?: string;
  mode?: number;
  /** Written as a pax header in front. */
  pax?: { path: string };
}

const BLOCK = 512;

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

export function tarBlocks(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = "", type = "File", linkpath, mode = 0o644, pax }) => {
    const data = Buffer.from(content);
    const header = new Header({ path, size: data.length, type, linkpath, mode, mtime: new Date(0) } as HeaderFields);
    const block = Buffer.alloc(BLOCK);
    header.encode(block);
    return [...(pax === undefined ? [] : [new Pax(pax).encode()]), block, padded(data)];
  });
  return Buffer.concat(blocks);
}

export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([tarBlocks(entries), Buffer.alloc(2 * BLOCK)]);
}

export function tarGz(path: string, entries: readonly TarEntry[]): string {
  writeFileSync(path, gzipSync(tar(entries)));
  return path;
}

export interface ZipEntry {
  path: string | Buffer;
  content?: string | Buffer;
  /** Mode and type of a Unix file. */
  mode?: number;
  stored?: boolean;
  flags?: number;
  method?: number;
  /** Instead of the true ones. */
  crc?: number;
  size?: number;
  /** Sizes and checksum behind the data, zeros in front of it. */
  descriptor?: boolean;
  /** Sizes in a zip64 extra field. */
  zip64?: boolean;
}

export function zip(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { path, content = "", mode = 0o100644, stored = false, descriptor = false, zip64 = false } = entry;
    const name = Buffer.from(path as string);
    const data = Buffer.from(content);
    const packed = stored ? data : deflateRawSync(data);
    const method = entry.method ?? (stored ? 0 : 8);
    const flags = (entry.flags ?? 0) | (descriptor ? 8 : 0);
    const crc = entry.crc ?? crc32.buf(data) >>> 0;
    const size = entry.size ?? data.length;
    const extra = zip64 ? Buffer.alloc(20) : Buffer.alloc(0);
    if (zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(16, 2);
      extra.writeBigUInt64LE(BigInt(size), 4);
      extra.writeBigUInt64LE(BigInt(packed.length), 12);
    }
    const common = Buffer.alloc(26);
    common.writeUInt16LE(zip64 ? 45 : 20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(zip64 ? 0xffffffff : packed.length, 14);
    common.writeUInt32LE(zip64 ? 0xffffffff : size, 18);
    common.writeUInt16LE(name.length, 22);
    common.writeUInt16LE(extra.length, 24);
    const inFront = Buffer.from(common);
    if (descriptor) inFront.fill(0, 10, 22);
    const trailer = Buffer.alloc(descriptor ? 16 : 0);
    if (descriptor) {
      trailer.writeUInt32LE(0x08074b50, 0);
      trailer.writeUInt32LE(crc, 4);
      trailer.writeUInt32LE(packed.length, 8);
      trailer.writeUInt32LE(size, 12);
    }
    const localEntry = Buffer.concat([Buffer.from("PK\x03\x04"), inFront, name, extra, packed, trailer]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02"), Buffer.from([45, 3]), common, rest, name, extra);
    local.push(localEntry);
    offset += localEntry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
