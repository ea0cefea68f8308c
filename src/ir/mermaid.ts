/** Draws the control-flow graph of a function as a Mermaid flowchart, for `--debug` output and documentation. */
import { printInstr } from "./print.ts";
import type { FunctionIr, Terminator } from "./types.ts";

/** A `flowchart TD` with one node a block (its instructions as lines) and labelled edges. */
export function toMermaid(fn: FunctionIr): string {
  const lines = ["flowchart TD"];
  fn.blocks.forEach((block, b) => {
    const body = block.instrs.map((instr) => printInstr(fn, instr));
    if (block.term.op === "return") body.push("return");
    lines.push(`  bb${b}["${[`bb${b}`, ...body].map(escapeText).join("<br/>")}"]`);
  });
  fn.blocks.forEach((block, b) => {
    for (const { label, target } of edges(block.term)) {
      lines.push(label === "" ? `  bb${b} --> bb${target}` : `  bb${b} -- "${escapeText(label)}" --> bb${target}`);
    }
  });
  return `${lines.join("\n")}\n`;
}

function edges(term: Terminator): { label: string; target: number }[] {
  switch (term.op) {
    case "goto":
      return [{ label: term.label ?? "", target: term.target }];
    case "branch":
      return [
        { label: "true", target: term.then },
        { label: "false", target: term.else },
      ];
    case "switch":
      return term.cases.map((c) => ({ label: c.text ?? "default", target: c.target }));
    default:
      return [];
  }
}

/** Mermaid reads markup inside quoted labels; entities keep audited text from becoming markup. */
function escapeText(text: string): string {
  return text.replace(/[&"<>#;`\n]/g, (c) => `#${c.charCodeAt(0)};`);
}
