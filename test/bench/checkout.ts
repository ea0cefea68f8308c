/** Trees of real projects at one commit, out of local git mirrors. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What an audit looks at; the rest of a tree (images, fonts) may be large, or absent from a partial mirror. */
const WANTED = ["c", "h", "cc", "cpp", "cxx", "hpp", "hh", "inl", "src", "py", "pyx", "toml", "cfg", "txt", "build"];

/** The mirror of OWNER/NAME: a clone at DIR/owner+name/repo, DIR/owner+name or DIR/owner/name. @throws Error if there is none. */
export function mirrorOf(mirrors: string, repo: string): string {
  const flat = repo.replace("/", "+");
  const found = [`${flat}/repo`, flat, repo, `${repo}.git`].map((d) => join(mirrors, d)).find((d) => existsSync(d));
  if (!found) throw new Error(`no mirror of ${repo} below ${mirrors}`);
  return found;
}

/** Puts what an audit reads of a commit into `dir`, which must exist. */
export function checkOut(mirror: string, commit: string, dir: string): void {
  const tar = execFileSync("git", ["-C", mirror, "archive", commit, "--", ...present(mirror, commit)], {
    maxBuffer: 1 << 30,
  });
  execFileSync("tar", ["-x", "-C", dir], { input: tar });
}

/** Seconds since 1970 at which the commit was made. */
export function commitTime(mirror: string, commit: string): number {
  return Number(execFileSync("git", ["-C", mirror, "log", "-1", "--format=%ct", commit]).toString());
}

/** The pathspecs that match something: git rejects one that does not. */
function present(mirror: string, commit: string): string[] {
  const names = execFileSync("git", ["-C", mirror, "ls-tree", "-r", "--name-only", commit], { maxBuffer: 1 << 28 });
  const extensions = new Set(
    names
      .toString()
      .split("\n")
      .map((n) => n.slice(n.lastIndexOf(".") + 1)),
  );
  return WANTED.filter((e) => extensions.has(e)).map((e) => `:(glob)**/*.${e}`);
}
