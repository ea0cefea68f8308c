/** Where a work tree comes from, read from git's own files: running git can run what a configuration names. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gitFolder } from "./git-index.ts";

export interface GitOrigin {
  /** URL of the remote `origin`, as it is written. */
  url: string;
  /** The commit that is checked out: 40 or 64 hexadecimal digits. */
  commit: string;
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The origin of the work tree in `top`; undefined without a remote of that name, without a commit, or if the files cannot be read. */
export function gitOrigin(top: string): GitOrigin | undefined {
  try {
    const own = gitFolder(top);
    if (own === undefined) return undefined;
    // A linked work tree shares everything but its HEAD.
    const common = existsSync(join(own, "commondir")) ? resolve(own, read(join(own, "commondir"))) : own;
    const url = originIn(read(join(common, "config")));
    const commit = commitOf(read(join(own, "HEAD")), common);
    return url !== undefined && commit !== undefined ? { url, commit } : undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  return readFileSync(path, "utf8").trim();
}

/** Format: git-config(1). The last value counts. */
function originIn(config: string): string | undefined {
  let isOrigin = false;
  let url: string | undefined;
  for (const raw of config.split(/\r?\n/)) {
    const line = raw.trim();
    if (line.startsWith("[")) isOrigin = /^\[remote\s+"origin"\]/.test(line);
    const match = isOrigin ? /^url\s*=\s*"?([^"]+?)"?$/.exec(line) : null;
    if (match) url = match[1];
  }
  return url;
}

function commitOf(head: string, common: string): string | undefined {
  const [, name] = /^ref: (refs\/[^\0]+)$/.exec(head) ?? [];
  if (name === undefined) return COMMIT.test(head) ? head : undefined;
  if (name.split("/").includes("..")) return undefined;
  const loose = join(common, name);
  if (existsSync(loose)) {
    const commit = read(loose);
    return COMMIT.test(commit) ? commit : undefined;
  }
  const packed = join(common, "packed-refs");
  if (!existsSync(packed)) return undefined;
  const line = read(packed)
    .split(/\r?\n/)
    .find((l) => l.endsWith(` ${name}`));
  const commit = line?.slice(0, line.indexOf(" "));
  return commit !== undefined && COMMIT.test(commit) ? commit : undefined;
}
