/** The tables of docs/ci.md that say what the GitHub action takes and gives, made from its action.yml. */
import { parse } from "yaml";

interface Action {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string }>;
}

const BLOCK = /(<!-- action (inputs|outputs) -->\n)[\s\S]*?(<!-- \/action -->)/g;

/** `page` with every block filled; `text` is that of action.yml. */
export function withActionTables(page: string, text: string): string {
  const { inputs, outputs } = parse(text) as Action;
  const rows = {
    inputs: [
      ["Input", "Default", "Meaning"],
      ...Object.entries(inputs).map(([name, input]) => [
        `\`${name}\``,
        input.default === "" ? "" : `\`${input.default}\``,
        input.description,
      ]),
    ],
    outputs: [
      ["Output", "Meaning"],
      ...Object.entries(outputs).map(([name, output]) => [`\`${name}\``, output.description]),
    ],
  };
  return page.replace(BLOCK, (_, open: string, which: keyof typeof rows, close: string) => {
    return `${open}${table(rows[which])}\n${close}`;
  });
}

function table([head, ...rows]: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
