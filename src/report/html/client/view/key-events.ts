/** From what the keyboard does to commands. */
import { COMMANDS, type Command } from "../model/keys.ts";

/** The command for a key that was pressed at `target`; undefined if the browser or the element should have it. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target instanceof Element ? event.target : undefined;
  const command = COMMANDS.find((c) => c.keys.includes(event.key));
  if (command === undefined) return undefined;
  if (event.key === "Escape") return command;
  if (target?.closest("input, textarea, select")) return undefined;
  if (!command.inList) return command;
  return target?.closest("[role=tree]") || target === document.body ? command : undefined;
}
