/** Tones as colours of the terminal, for dark and light backgrounds, and without colours. */
import type { Tone } from "./lines.ts";

export interface Style {
  color?: string;
  bold?: boolean;
  dimColor?: boolean;
  underline?: boolean;
}

export type Theme = Readonly<Record<Tone, Style>>;

const SHARED = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  title: { bold: true },
  bad: { color: "red" },
  added: { color: "green" },
  removed: { color: "red" },
  hunk: { color: "cyan" },
  comment: { dimColor: true },
} as const;

/** Colours of the sixteen that terminals let their users choose; none is hard to read on a dark background. */
const DARK: Theme = {
  ...SHARED,
  high: { color: "redBright", bold: true },
  medium: { color: "yellow" },
  low: { color: "cyan" },
  info: { color: "blueBright" },
  good: { color: "green" },
  mark: { color: "yellow", bold: true },
  directive: { color: "magenta" },
  string: { color: "green" },
  number: { color: "cyan" },
  keyword: { color: "blueBright" },
  type: { color: "cyan" },
  call: { color: "yellow" },
};

/** Yellow and bright colours vanish on white. */
const LIGHT: Theme = {
  ...SHARED,
  high: { color: "red", bold: true },
  medium: { color: "magenta" },
  low: { color: "blue" },
  info: { color: "blue" },
  good: { color: "green" },
  mark: { color: "magenta", bold: true },
  directive: { color: "magenta" },
  string: { color: "green" },
  number: { color: "blue" },
  keyword: { color: "blue", bold: true },
  type: { color: "blue" },
  call: {},
};

/** Weight alone: letters and signs carry the meaning. */
const MONOCHROME: Theme = Object.fromEntries(
  Object.keys(DARK).map((tone) => {
    const strong = ["high", "title", "strong", "added", "mark", "keyword"].includes(tone);
    const dim = ["dim", "comment", "removed"].includes(tone);
    return [tone, strong ? { bold: true } : dim ? { dimColor: true } : {}];
  }),
) as unknown as Theme;

export type ThemeName = "dark" | "light" | "none";

export function themeNamed(name: ThemeName): Theme {
  return name === "none" ? MONOCHROME : name === "light" ? LIGHT : DARK;
}

/**
 * The theme to use: none with NO_COLOR or a dumb terminal; light if COLORFGBG (rxvt, Konsole and others set it to
 * "foreground;background") names a light background.
 */
export function guessTheme(env: NodeJS.ProcessEnv): ThemeName {
  if (env.NO_COLOR || env.TERM === "dumb") return "none";
  const background = Number(env.COLORFGBG?.split(";").at(-1));
  return background === 7 || background === 15 ? "light" : "dark";
}
