/** The user's editor, and how it is told a line. */

/** Editors that take `+LINE FILE`; `FILE:LINE` and `--goto` are for the others. */
const GOTO: Readonly<Record<string, (file: string, line: number) => string[]>> = {
  code: (file, line) => ["--wait", "--goto", `${file}:${line}`],
  codium: (file, line) => ["--wait", "--goto", `${file}:${line}`],
  subl: (file, line) => ["--wait", `${file}:${line}`],
  hx: (file, line) => [`${file}:${line}`],
  zed: (file, line) => ["--wait", `${file}:${line}`],
};

/** $VISUAL, $EDITOR, or vi. The variable may hold arguments, separated by blanks. */
export function editorCommand(env: NodeJS.ProcessEnv, file: string, line: number): { command: string; args: string[] } {
  const [command, ...args] = (env.VISUAL || env.EDITOR || "vi").split(" ").filter((word) => word !== "");
  const name = command
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.exe$/, "");
  const place = GOTO[name]?.(file, line) ?? [`+${line}`, file];
  return { command, args: [...args, ...place] };
}
