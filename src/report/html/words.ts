/** Words that the page uses with and without scripts. */
import type { FixLevel, PageModule } from "./page-data.ts";

/** What a module says of the GIL. */
export const DECLARED: Readonly<Record<string, string>> = {
  yes: "declared",
  no: "not declared",
  used: "needs the GIL",
  unknown: "unclear",
};

const PHASES: Readonly<Record<string, string>> = {
  single: "single-phase",
  multi: "multi-phase",
  export: "export hook",
};

export const FIX_LEVELS: Readonly<Record<FixLevel, string>> = {
  safe: "safe",
  review: "for review",
  manual: "by hand",
};

export function initText({ framework, phase }: Pick<PageModule, "framework" | "phase">): string {
  return framework || (PHASES[phase] ?? phase);
}

export function plural(n: number, noun: string): string {
  return `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
}

export function excludedText({ files, folders }: { files: number; folders: number }): string {
  if (files === 0) return plural(folders, "folder");
  return folders === 0 ? plural(files, "file") : `${plural(files, "file")} in ${plural(folders, "folder")}`;
}
