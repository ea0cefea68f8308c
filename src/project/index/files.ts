/** Which file of the project another one includes, and so which names it sees. */
import type { FileFacts } from "../../ir/facts.ts";

/** Folder part of a path with forward slashes, "" at the root. */
export function folderOf(file: string): string {
  const at = file.lastIndexOf("/");
  return at < 0 ? "" : file.slice(0, at);
}

const HEADER_EXTENSIONS = [".h", ".hpp", ".hh", ".hxx", ".inl", ".ipp", ".tpp", ".h.src"];

/** True for files that are meant to be included. */
export function isHeader(file: string): boolean {
  return HEADER_EXTENSIONS.some((extension) => file.endsWith(extension));
}

/** Number of leading folders that two paths have in common: how near two files are. */
export function nearness(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let n = 0;
  while (n < left.length - 1 && n < right.length - 1 && left[n] === right[n]) n++;
  return n;
}

/** Resolves `a/./b/../c`; undefined if it leaves the root. */
function normalise(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join("/");
}

export class FileGraph {
  readonly files: readonly FileFacts[];
  private readonly byPath: ReadonlyMap<string, FileFacts>;
  private readonly byName = new Map<string, string[]>();
  private readonly included = new Map<string, string[]>();
  private readonly includers = new Map<string, string[]>();
  private readonly views = new Map<string, readonly string[]>();

  /** @param files sorted by path. */
  constructor(files: readonly FileFacts[]) {
    this.files = files;
    this.byPath = new Map(files.map((facts) => [facts.file, facts]));
    for (const { file } of files) {
      const name = file.slice(file.lastIndexOf("/") + 1);
      const same = this.byName.get(name);
      if (same) same.push(file);
      else this.byName.set(name, [file]);
    }
    for (const facts of files) {
      const targets = new Set<string>();
      for (const { path } of facts.includes) {
        const target = this.resolveInclude(facts.file, path);
        if (target !== undefined && target !== facts.file) targets.add(target);
      }
      this.included.set(facts.file, [...targets]);
      for (const target of targets) {
        const list = this.includers.get(target);
        if (list) list.push(facts.file);
        else this.includers.set(target, [facts.file]);
      }
    }
  }

  get(file: string): FileFacts | undefined {
    return this.byPath.get(file);
  }

  /** Files of the project that `file` includes itself. */
  includesOf(file: string): readonly string[] {
    return this.included.get(file) ?? [];
  }

  /**
   * Files whose file-scope names `file` can see, nearest first: itself, what it includes, then the files that include it (a
   * header uses what its includer defines) with what they include.
   */
  visibleFrom(file: string): readonly string[] {
    let view = this.views.get(file);
    if (!view) {
      const seen = new Set<string>([file]);
      this.addIncluded(file, seen);
      // Only one level up: a header that half the project includes would otherwise see all of it.
      for (const includer of this.includers.get(file) ?? []) seen.add(includer);
      for (const includer of this.includers.get(file) ?? []) this.addIncluded(includer, seen);
      view = [...seen];
      this.views.set(file, view);
    }
    return view;
  }

  private addIncluded(file: string, seen: Set<string>): void {
    const queue = [file];
    const queued = new Set(queue);
    for (let at = 0; at < queue.length; at++) {
      for (const target of this.includesOf(queue[at])) {
        if (queued.has(target)) continue;
        queued.add(target);
        seen.add(target);
        queue.push(target);
      }
    }
  }

  /** Beside the includer; else the file whose path ends like the include, the nearest of several. */
  private resolveInclude(from: string, path: string): string | undefined {
    const beside = normalise(`${folderOf(from)}/${path}`);
    for (const candidate of beside === undefined ? [] : [beside, `${beside}.src`]) {
      if (this.byPath.has(candidate)) return candidate;
    }
    const tail = path
      .split("/")
      .filter((part) => part !== ".." && part !== ".")
      .join("/");
    const name = tail.slice(tail.lastIndexOf("/") + 1);
    const candidates = [...(this.byName.get(name) ?? []), ...(this.byName.get(`${name}.src`) ?? [])];
    const fitting = candidates.filter(
      (file) => file === tail || file.endsWith(`/${tail}`) || file.endsWith(`/${tail}.src`),
    );
    return nearest(from, fitting);
  }
}

/** The candidate in the folder nearest to `from`; the first of equals. */
export function nearest(from: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestNearness = -1;
  for (const candidate of candidates) {
    const n = nearness(from, candidate);
    if (n > bestNearness) {
      best = candidate;
      bestNearness = n;
    }
  }
  return best;
}
