/** Headers whose own text does not say which language they are in. */
import type { Language } from "../ir/facts.ts";

/** By the extension alone; a `.h` counts as C. */
export function languageByName(file: string): Language {
  return /\.(cc|cpp|cxx|c\+\+|hpp|hh|hxx|inl|ipp|tpp|cpp\.src)$/i.test(file) || file.endsWith(".C") ? "cpp" : "c";
}

export interface LanguageClue {
  file: string;
  language: Language;
  /** Only a header that looks like C may be changed. */
  header: boolean;
  /** Paths as written in `#include`. */
  includes: readonly string[];
}

/**
 * Languages in the order of `files`: a header that looks like C, but that only C++ files include, is C++. Includes are matched by
 * the last component of their path.
 */
export function headerLanguages(files: readonly LanguageClue[]): Language[] {
  const languages: Language[] = files.map((f) => f.language);
  const includers = new Map<string, number[]>();
  files.forEach((f, i) => {
    for (const name of new Set(f.includes.map(basename))) {
      const list = includers.get(name);
      if (list) list.push(i);
      else includers.set(name, [i]);
    }
  });
  // Each round can only turn C into C++, so this ends.
  for (let changed = true; changed; ) {
    changed = false;
    files.forEach((f, i) => {
      if (!f.header || languages[i] === "cpp") return;
      const by = (includers.get(basename(f.file)) ?? []).filter((j) => j !== i);
      if (by.length === 0 || !by.every((j) => languages[j] === "cpp")) return;
      languages[i] = "cpp";
      changed = true;
    });
  }
  return languages;
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
