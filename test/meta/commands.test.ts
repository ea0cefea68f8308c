import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { ungilProgram } from "../../cli/program.ts";
import { commandLinesIn, mistakeIn } from "./command-lines.ts";
import { pages } from "./doc-pages.ts";

/** Blocks that show what ungil prints, or code. */
const OUTPUT = new Set(["text", "diff", "c", "json", "toml"]);

describe("command lines in the documentation", () => {
  it("are found and checked", () => {
    expect(commandLinesIn("  $ npx ungil scan --nope > x   # why")).toEqual(["scan --nope"]);
    expect(commandLinesIn("ungil fix --check 'cc -c {file} | cat' && ungil undo")).toEqual([
      "fix --check 'cc -c {file} | cat'",
      "undo",
    ]);
    expect(commandLinesIn("what ungil does, src/ungil/x and ungil: ignore[x] y")).toEqual([]);
    expect(mistakeIn("scan --nope")).toBe("scan has no option --nope");
    expect(mistakeIn("--format xml src/")).toBe("--format cannot be xml");
    expect(mistakeIn("scna")).toBe("there is no command scna");
    expect(mistakeIn("--output")).toBe("--output needs a value");
    expect(mistakeIn("explain a-rule b-rule")).toBe("explain takes no a-rule");
    expect(mistakeIn("fix --level review --diff src/")).toBeUndefined();
  });

  it.each(pages.map((page) => [page.file, page] as const))("%s shows what there is", (_, page) => {
    const blocks = page.code.filter((block) => !OUTPUT.has(block.lang ?? ""));
    const lines = [...blocks.flatMap((block) => block.text.replaceAll("\\\n", "").split("\n")), ...page.spans];
    for (const line of lines) {
      for (const command of commandLinesIn(line)) expect(mistakeIn(command), `ungil ${command}`).toBeUndefined();
    }
  });

  it("are right in the help, too", () => {
    const lines = withSubcommands(ungilProgram()).flatMap((command) => {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      return help.split("\n").filter((line) => /^ {2}ungil/.test(line));
    });
    expect(lines.length).toBeGreaterThan(10);
    for (const command of lines.flatMap(commandLinesIn)) {
      expect(mistakeIn(command), `ungil ${command}`).toBeUndefined();
    }
  });
});

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
