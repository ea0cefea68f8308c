/** An index as git writes it, times and names of objects left zero. */
export function indexBytes(version: number, paths: string[], extended = false): Buffer {
  const head = Buffer.alloc(12);
  head.write("DIRC", "latin1");
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(paths.length, 8);
  const parts = [head];
  let previous = "";
  for (const path of paths) {
    const fixed = Buffer.alloc(extended ? 64 : 62);
    fixed.writeUInt16BE((extended ? 0x4000 : 0) | Math.min(path.length, 0xfff), 60);
    if (version === 4) {
      const [before, now] = [Buffer.from(previous), Buffer.from(path)];
      let same = 0;
      while (same < before.length && before[same] === now[same]) same++;
      const drop = before.length - same;
      const offset = drop < 128 ? Buffer.from([drop]) : Buffer.from([0x80 | ((drop - 128) >> 7), drop & 0x7f]);
      parts.push(fixed, offset, now.subarray(same), Buffer.alloc(1));
      previous = path;
    } else {
      const length = fixed.length + Buffer.byteLength(path);
      parts.push(fixed, Buffer.from(path), Buffer.alloc(((length + 8) & ~7) - length));
    }
  }
  return Buffer.concat(parts);
}
