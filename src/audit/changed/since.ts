/** What changed in the files of a work tree since a commit, committed or not. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { workTreeOf } from "../../project/discover/gitignore.ts";
import { fileKind } from "../../project/discover/kinds.ts";
import { UsageError } from "../types.ts";
import { blobsOf, git, type TreeEntry, treeOf } from "./git.ts";
import { type ChangedLines, changedLines, similarity, WHOLE } from "./lines.ts";

/** The commit that changes are counted from. */
export interface Base {
  /** As the user wrote it. */
  ref: string;
  /** Absolute path of the top of the work tree. */
  top: string;
  /** The merge base of `ref` and HEAD. */
  commit: string;
}

const DEEPER = "In CI, fetch the whole history: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` for GitLab.";

/**
 * The merge base of `ref` and HEAD in the work tree that `folder` is in.
 * @throws UsageError if there is no git, no repository, no such commit, or no merge base.
 */
export function baseOf(folder: string, ref: string): Base {
  const top = workTreeOf(folder);
  if (top === undefined) {
    throw new UsageError(`--diff ${ref}: ${folder} is not in a git repository`, "Leave --diff out.");
  }
  const there = git(top, ["rev-parse", "--git-dir"]);
  if (!there.ok) throw new UsageError(`--diff ${ref}: git cannot read the repository: ${there.error}`);
  const commit = commitOf(top, ref);
  if (commit === undefined) {
    const hint = isShallow(top) ? DEEPER : `It must be a commit, branch or tag; \`git fetch\` gets those of others.`;
    throw new UsageError(`--diff ${ref}: there is no such commit`, hint);
  }
  const head = commitOf(top, "HEAD");
  const base = head === undefined ? undefined : git(top, ["merge-base", commit, head]);
  if (!base?.ok) {
    const hint = isShallow(top) ? `The clone is shallow. ${DEEPER}` : "Their histories have no commit in common.";
    throw new UsageError(`--diff ${ref}: it has no merge base with HEAD`, hint);
  }
  return { ref, top, commit: base.out.toString("latin1").trim().split("\n")[0] };
}

function commitOf(top: string, ref: string): string | undefined {
  // No name of a commit begins with a dash, but options do.
  if (ref === "" || ref.startsWith("-") || ref.includes("\0")) return undefined;
  const { ok, out } = git(top, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  const id = out.toString("latin1").trim();
  return ok && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

function isShallow(top: string): boolean {
  return git(top, ["rev-parse", "--is-shallow-repository"]).out.toString("latin1").trim() === "true";
}

/** A work tree with the files that its base has; without a base all of its files are new. */
interface Tree {
  top: string;
  entries: ReadonlyMap<string, TreeEntry>;
}

interface FileNow {
  /** Absolute path. */
  path: string;
  /** Relative to the top of its work tree, forward slashes. */
  name: string;
  content: Buffer;
}

/** A renamed file has at least half of its lines in common with the old one, as git sees it. */
const RENAMED = 0.5;
/** More pairs of new and missing files than this are compared only if they have the same name. */
const MOST_PAIRS = 20_000;

/**
 * What changed since `base` in files, given and answered by absolute path; files that did not change are left out. Files of submodules
 * are compared with the commit that the base has for them; a file that is not in the base is new as a whole, unless it is one of those
 * that are gone, under another name.
 * @throws UsageError if git cannot read the base.
 */
export function changesSince(base: Base, files: readonly string[]): Map<string, ChangedLines> {
  const trees = new Map<string, Tree>([[base.top, { top: base.top, entries: treeOf(base.top, base.commit) }]]);
  const byTree = new Map<Tree, FileNow[]>();
  for (const path of files) {
    const content = contentOf(path);
    const tree = treeAt(dirname(path), base.top, trees);
    if (content === undefined || tree === undefined) continue;
    const name = relative(tree.top, path).split(sep).join("/");
    byTree.set(tree, [...(byTree.get(tree) ?? []), { path, name, content }]);
  }
  const changes = new Map<string, ChangedLines>();
  for (const [tree, own] of byTree) {
    for (const [path, changed] of changesIn(tree, own)) changes.set(path, changed);
  }
  return changes;
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** The tree that holds `folder`; undefined for what is outside of the project. */
function treeAt(folder: string, top: string, trees: Map<string, Tree>): Tree | undefined {
  const own = workTreeOf(folder);
  if (own === undefined) return undefined;
  const known = trees.get(own);
  if (known !== undefined || dirname(own) === own) return known;
  const outer = treeAt(dirname(own), top, trees);
  if (outer === undefined) return undefined;
  const link = outer.entries.get(relative(outer.top, own).split(sep).join("/"));
  const tree = { top: own, entries: link?.kind === "submodule" ? submodule(own, link.id) : new Map() };
  trees.set(own, tree);
  return tree;
}

function submodule(top: string, commit: string): ReadonlyMap<string, TreeEntry> {
  if (!git(top, ["cat-file", "-e", `${commit}^{commit}`]).ok) {
    throw new UsageError(
      `the submodule ${top} lacks the commit ${commit} that changes are counted from`,
      `\`git -C ${top} fetch\` gets it.`,
    );
  }
  return treeOf(top, commit);
}

function changesIn({ top, entries }: Tree, files: readonly FileNow[]): Map<string, ChangedLines> {
  const changes = new Map<string, ChangedLines>();
  const changed: { file: FileNow; id: string }[] = [];
  const fresh: FileNow[] = [];
  for (const file of files) {
    const entry = entries.get(file.name);
    if (entry?.kind !== "file") fresh.push(file);
    else if (blobId(file.content, entry.id) !== entry.id) changed.push({ file, id: entry.id });
  }
  const renamed = renames(top, entries, fresh);
  for (const file of fresh) {
    const before = renamed.get(file);
    changes.set(file.path, before === undefined ? WHOLE : changedLines(before, file.content));
  }
  const blobs = blobsOf(
    top,
    changed.map((c) => c.id),
  );
  for (const { file, id } of changed) changes.set(file.path, changedLines(blobs.get(id)!, file.content));
  for (const [path, { added, cuts }] of changes) if (added.length + cuts.length === 0) changes.delete(path);
  return changes;
}

/** What git would call a file with this content, by the hash that `like` is made with. */
function blobId(content: Buffer, like: string): string {
  const hash = createHash(like.length === 40 ? "sha1" : "sha256");
  return hash.update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** The old contents of files that have another name now. Each old file is taken once, by the file that is most like it. */
function renames(
  top: string,
  entries: ReadonlyMap<string, TreeEntry>,
  fresh: readonly FileNow[],
): ReadonlyMap<FileNow, Buffer> {
  const found = new Map<FileNow, Buffer>();
  const missing = [...entries].filter(
    ([name, { kind }]) => kind === "file" && fileKind(name) !== "other" && !existsSync(join(top, name)),
  );
  if (fresh.length === 0 || missing.length === 0) return found;
  const isMany = fresh.length * missing.length > MOST_PAIRS;
  const names = new Set(fresh.map((f) => basename(f.name)));
  const candidates = isMany ? missing.filter(([name]) => names.has(basename(name))) : missing;
  const blobs = blobsOf(
    top,
    candidates.map(([, { id }]) => id),
  );
  const pairs = fresh.flatMap((file) =>
    candidates.flatMap(([name, { id }]) => {
      const isSameName = basename(name) === basename(file.name);
      if (isMany && !isSameName) return [];
      const likeness = blobId(file.content, id) === id ? 1 : similarity(blobs.get(id)!, file.content);
      return likeness < RENAMED ? [] : [{ file, name, id, rank: likeness + (isSameName ? 0.01 : 0) }];
    }),
  );
  const taken = new Set<string>();
  for (const { file, name, id } of pairs.sort((a, b) => b.rank - a.rank)) {
    if (found.has(file) || taken.has(name)) continue;
    found.set(file, blobs.get(id)!);
    taken.add(name);
  }
  return found;
}
