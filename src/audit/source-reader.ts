/** The sources behind a result, for code frames and fingerprints. */
import { join } from "node:path";
import { readSource } from "../text/source.ts";
import type { AuditResult } from "./types.ts";

/** Texts kept at a time: findings come file by file, and evidence points at few others. */
const KEPT = 16;

/** Reads the files of `result` anew; undefined for one that is gone or no longer what was audited. */
export function sourceReader(result: Pick<AuditResult, "root" | "sources">): (file: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (file) => {
    if (texts.has(file)) return texts.get(file);
    const known = result.sources[file];
    const source = known ? readSource(join(result.root, file), file) : undefined;
    const text = source && "text" in source && source.hash === known.hash ? source.text : undefined;
    if (texts.size >= KEPT) texts.delete(texts.keys().next().value as string);
    texts.set(file, text);
    return text;
  };
}
