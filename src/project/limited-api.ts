/** Build options that ask for the limited API, read from the build files of a project. */

import { isBuildFile, type Metadata } from "./frameworks/metadata.ts";
import type { SourcePlace } from "./index-types.ts";

/** `py_limited_api=True` (setuptools), `py_limited_api = cp39` (setup.cfg), `limited_api: '3.9'` (meson-python). */
const OPTION = /\bpy[_-]limited[_-]api\b["']?\s*[=:]\s*(?:True\b|["']?cp3\d+)|\blimited_api\s*:\s*["']3\.\d+/g;

/** A build that asks which interpreter it is for decides by itself. */
const ASKS = ["Py_GIL_DISABLED", "free-threaded", "freethread", "free_thread"];

/** The first such option of each build file that does not look at the free-threaded build, in the order of `metadata`. */
export function limitedApiOptions(metadata: readonly Metadata[]): SourcePlace[] {
  return metadata.flatMap(({ file, text }) => {
    if (!isBuildFile(file) || ASKS.some((word) => text.includes(word))) return [];
    const found = [...text.matchAll(OPTION)].find(({ index }) => !isComment(text, index));
    return found ? [{ file, start: found.index, end: found.index + found[0].length }] : [];
  });
}

function isComment(text: string, at: number): boolean {
  return text.slice(text.lastIndexOf("\n", at - 1) + 1, at).includes("#");
}
