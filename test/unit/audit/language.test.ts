import { describe, expect, it } from "vitest";
import { headerLanguages, type LanguageClue } from "../../../src/audit/language.ts";

const clue = (file: string, language: "c" | "cpp", includes: string[] = []): LanguageClue => ({
  file,
  language,
  header: file.endsWith(".h"),
  includes,
});

describe("languages of headers", () => {
  it("a header that only C++ includes is C++, also through another header", () => {
    const files = [
      clue("src/a.cpp", "cpp", ["outer.h", "both.h"]),
      clue("src/b.c", "c", ["both.h"]),
      clue("include/outer.h", "c", ["lib/inner.h"]),
      clue("include/lib/inner.h", "c"),
      clue("include/both.h", "c", ["both.h"]),
      clue("include/nobody.h", "c"),
    ];
    expect(headerLanguages(files)).toEqual(["cpp", "c", "cpp", "cpp", "c", "c"]);
  });

  it("a C source stays C whoever includes it", () => {
    expect(headerLanguages([clue("a.cpp", "cpp", ["impl.c"]), clue("impl.c", "c")])).toEqual(["cpp", "c"]);
  });
});
