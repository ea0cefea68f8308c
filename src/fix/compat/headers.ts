/** Which headers of the project a file includes, and how it is to include another. */
import { basename, dirname, join, relative } from "node:path/posix";
import type { FixProject } from "../types.ts";

/** The header of the pythoncapi-compat project. */
export const COMPAT_HEADER = "pythoncapi_compat.h";

export class Headers {
  private readonly project: FixProject;
  private readonly byName = new Map<string, string[]>();
  private includers: Map<string, string[]> | undefined;

  constructor(project: FixProject) {
    this.project = project;
    for (const { file } of project.index.files) {
      const name = basename(file);
      this.byName.set(name, [...(this.byName.get(name) ?? []), file]);
    }
  }

  /** True if files of the project use pythoncapi_compat.h, wherever it lies. */
  usesCompat(): boolean {
    return this.compatIncludes().length > 0;
  }

  /** Where the project's copy of pythoncapi_compat.h should lie, by the includes that files between quotes have. */
  compatPlaces(): string[] {
    return [...new Set(this.compatIncludes().map(({ file, path }) => join(dirname(file), path)))];
  }

  /** Files of the project that `file` includes, directly or through one another. */
  reachedFrom(file: string): Set<string> {
    const reached = new Set<string>();
    const work = [file];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      for (const { path } of this.project.index.file(next)?.includes ?? []) {
        for (const header of this.resolved(next, path)) {
          if (reached.has(header)) continue;
          reached.add(header);
          work.push(header);
        }
      }
    }
    reached.delete(file);
    return reached;
  }

  /** Files of the project that an include of `path` in `file` brings. */
  reachedBy(file: string, path: string): Set<string> {
    return new Set(this.resolved(file, path).flatMap((header) => [header, ...this.reachedFrom(header)]));
  }

  /** Files of the project that include `file` directly. */
  includersOf(file: string): readonly string[] {
    if (this.includers === undefined) {
      this.includers = new Map();
      for (const { file: from, includes } of this.project.index.files) {
        for (const header of new Set(includes.flatMap(({ path }) => this.resolved(from, path)))) {
          this.includers.set(header, [...(this.includers.get(header) ?? []), from]);
        }
      }
    }
    return this.includers.get(file) ?? [];
  }

  /** Files that get `file` by includes and are included by none themselves; without `file` itself. */
  unitsOf(file: string): string[] {
    const seen = new Set([file]);
    const units: string[] = [];
    const work = [...this.includersOf(file)];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const from = this.includersOf(next);
      if (from.length === 0) units.push(next);
      work.push(...from);
    }
    return units;
  }

  /** True if `file` gets pythoncapi_compat.h, wherever it lies. */
  hasCompat(file: string): boolean {
    return [file, ...this.reachedFrom(file)].some((f) =>
      this.project.index.file(f)?.includes.some((i) => basename(i.path) === COMPAT_HEADER),
    );
  }

  /**
   * How `file` includes pythoncapi_compat.h: as the other files do, or relative to where it lies (`place`) if they say it by their own
   * folder.
   */
  compatPath(file: string, place: string | undefined): string {
    return place === undefined ? (this.compatIncludes()[0]?.path ?? COMPAT_HEADER) : pathTo(file, place);
  }

  private compatIncludes(): { file: string; path: string }[] {
    return this.project.index.files.flatMap(({ file, includes }) =>
      includes.filter((i) => basename(i.path) === COMPAT_HEADER).map(({ path }) => ({ file, path })),
    );
  }

  /** Files that an include may mean: relative to the file that has it, else every one whose path ends so. */
  private resolved(file: string, path: string): string[] {
    const beside = join(dirname(file), path);
    if (this.project.index.file(beside)) return [beside];
    const tail = path.replace(/^(\.\.?\/)+/, "");
    return (this.byName.get(basename(path)) ?? []).filter((f) => f === tail || f.endsWith(`/${tail}`));
  }
}

/** Path of `header` as `file` writes it in an include between quotes. */
export function pathTo(file: string, header: string): string {
  return relative(dirname(file), header);
}
