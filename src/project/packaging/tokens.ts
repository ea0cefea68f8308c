/** How free-threaded interpreters are named in configurations. */
import { quoteOf, shortened } from "./quotes.ts";
import { codeLines } from "./settings.ts";
import type { Quote, Setting } from "./types.ts";

/** `3.14t`, `3.14.0rc1t`, `3.15t-dev`, `cp314t`, `py314t`, `python3.14t`, `314t`; the minor version is captured. */
const VERSION =
  /(?<![\w.])(?:cp|py|python|cpython-?)?3\.?(1[3-9])(?:\.\d+)?(?:-?(?:dev|a|alpha|b|beta|rc)[.\d]*)?t(?!\w)/g;
/** Words that mean a free-threaded interpreter wherever they are a value, or a key that is switched on. */
const WORDS = /free[-_ ]?thread|no[-_]?gil/i;
/** The same in commands, where prose may speak of it. */
const COMMAND_WORDS = /python[\w.]*-(?:freethreading|nogil)|--disable-gil/;
const OFF = /^(?:|0|no|false|off|n)$/i;
/** Keys whose values are prose or conditions. */
const SILENT_KEYS = new Set([
  "if",
  "name",
  "description",
  "displayName",
  "condition",
  "rules",
  "title",
  "run-name",
  "needs",
  "id",
  "key",
  "group",
]);
const COMMAND_KEYS = new Set([
  "run",
  "script",
  "before_script",
  "after_script",
  "bash",
  "pwsh",
  "powershell",
  "inlineScript",
]);

/** Minor versions of the free-threaded interpreters that a text names. */
export function freeThreadedMinors(text: string): number[] {
  return [...text.matchAll(VERSION)].map(([, minor]) => Number(minor));
}

/** True for a setting that holds commands. */
export function isCommand({ path }: Setting): boolean {
  return path.some((key) => COMMAND_KEYS.has(key));
}

/** The places in a setting that choose a free-threaded interpreter. */
export function freeThreadedIn(setting: Setting): Quote[] {
  const { file, path, value, line } = setting;
  // A matrix leaves out what stands there.
  if (path.includes("exclude") || path.some((key) => SILENT_KEYS.has(key))) return [];
  const key = path.findLast((k) => !/^\d+$/.test(k)) ?? "";
  if (isCommand(setting) || value.includes("\n")) {
    return codeLines(value)
      .filter(({ code }) => freeThreadedMinors(code).length > 0 || COMMAND_WORDS.test(code))
      .map((l) => ({ file, line: line + l.line - 1, text: shortened(l.code) }));
  }
  // Variables in capitals tell a build something; inputs of actions choose an interpreter.
  const isSwitch = WORDS.test(key) && /[a-z]/.test(key) && !OFF.test(value) && !value.includes("${{");
  if (freeThreadedMinors(value).length > 0 || WORDS.test(value) || isSwitch) {
    return [quoteOf(setting)];
  }
  return [];
}
