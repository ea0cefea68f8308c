/** The user's editor, and how it is told a line. */

/** Editors that take `+LINE FILE`; `FILE:LINE` and `--goto` are for the others. */
const GOTO: Readonly<Record<string, (file: string, line: number) => string[]>> = {
  code: (file, line) => ["--wait", "--goto", `${file}:${line}`],
  codium: (file, line) => ["--wait", "--goto", `${file}:${line}`],
  subl: (file, line) => ["--wait", `${file}:${line}`],
  hx: (file, line) => [`${file}:${line}`],
  zed: (file, line) => ["--wait", `${file}:${line}`],
};

export interface EditorCommand {
  command: string;
  args: string[];
  /** What the editor is called. */
  name: string;
}

/** $VISUAL, $EDITOR, or vi. The variable may hold arguments; if there is quoting in it, the shell reads it, as for git. */
export function editorCommand(env: NodeJS.ProcessEnv, file: string, line: number): EditorCommand {
  const value = env.VISUAL?.trim() || env.EDITOR?.trim() || "vi";
  const [command, ...args] = value.split(/\s+/);
  const name = command
    .replaceAll(/["']/g, "")
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.exe$/, "");
  const place = GOTO[name]?.(file, line) ?? [`+${line}`, file];
  if (/["'\\$~]/.test(value) && process.platform !== "win32") {
    return { command: "sh", args: ["-c", `${value} "$@"`, name, ...place], name };
  }
  return { command, args: [...args, ...place], name };
}
