/** Headers whose own text does not say which language they are in. */
import type { Language } from "../ir/facts.ts";

export interface LanguageClue {
  file: string;
  language: Language;
  /** Only a header that looks like C may be changed. */
  header: boolean;
  /** Paths as written in `#include`. */
  includes: readonly string[];
}

/**
 * Languages in the order of `files`: a header that looks like C is C++ if C++ files include it, directly or through other headers, and
 * no C file does. Includes are matched by the last component of their path.
 */
export function headerLanguages(files: readonly LanguageClue[]): Language[] {
  const headers = new Map<string, number[]>();
  files.forEach((f, i) => {
    if (f.header) headers.set(basename(f.file), [...(headers.get(basename(f.file)) ?? []), i]);
  });
  const reachedBy = (language: Language): Set<number> => {
    const reached = new Set<number>();
    const queue = files.flatMap((f, i) => (f.language === language && !(f.header && language === "c") ? [i] : []));
    for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
      for (const name of files[i].includes) {
        for (const header of headers.get(basename(name)) ?? []) {
          if (reached.has(header)) continue;
          reached.add(header);
          queue.push(header);
        }
      }
    }
    return reached;
  };
  const fromC = reachedBy("c");
  const fromCpp = reachedBy("cpp");
  return files.map((f, i) => (f.header && fromCpp.has(i) && !fromC.has(i) ? "cpp" : f.language));
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
