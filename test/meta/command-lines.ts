/** Command lines of ungil in texts, held against the commands and options that there are. */
import { type Command, Option } from "commander";
import { ungilProgram } from "../../cli/program.ts";
import { shellWords } from "../../src/fix/check/shell-words.ts";

const program = ungilProgram();
/** What may stand before a command line in a shell, a script or a workflow. */
const BEFORE = /(?:^\s*(?:(?:[-$@]|[\w-]+:|\w+=\S*)\s+)*|[|;&("'`]\s*|\bnpx (?:--?\S+ )*|\bnode \S*)/;
const START = new RegExp(`${BEFORE.source}ungil(?:\\.mjs)? (?=[a-z[-]|[A-Z]+\\b|\\.)`);
/** Where a shell's command line ends, or a comment begins; explanations stand behind a gap. */
const END = /\s#|\s{3,}|[|;&]|\s\d?>|`/;
/** A word that stands for something: FILE, [PATH...], $VARIABLE, {file}, ... */
const PLACEHOLDER = /^(\[.*\]|[A-Z][A-Z_=.]*(\.\.\.)?|.*[${<].*|\.\.\.)$/;

/** The command lines of ungil in a line of a text, without `ungil` itself. */
export function commandLinesIn(line: string): string[] {
  const start = START.exec(line);
  if (start === null) return [];
  const rest = line.slice(start.index + start[0].length);
  const command = rest.slice(0, lengthOf(rest));
  return [command.trim(), ...commandLinesIn(rest.slice(command.length))];
}

/** Up to what ends the command, outside of quotes. */
function lengthOf(rest: string): number {
  const blanked = rest.replace(/'[^']*'|"[^"]*"|\[[^\]]*\]/g, (quoted) => "x".repeat(quoted.length));
  return END.exec(blanked)?.index ?? rest.length;
}

/** What is wrong with a command line; undefined if nothing is. */
export function mistakeIn(line: string): string | undefined {
  const words = shellWords(line).map((word) => word.replace(/[,.]$/, ""));
  let command: Command = program;
  const operands: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--") continue;
    if (!word.startsWith("-") || word === "-") {
      const next = operands.length === 0 ? command.commands.find((c) => c.name() === word) : undefined;
      if (next !== undefined) command = next;
      else if (word === "help" && command === program) return helpMistake(words.slice(i + 1));
      else operands.push(word);
      continue;
    }
    const [name, value] = word.split(/=(.*)/s);
    const option = optionNamed(name, command);
    if (option === undefined) return `${command.name()} has no option ${name}`;
    if (!option.required && !option.optional) continue;
    const given = value ?? (option.required ? words[++i] : undefined);
    if (given === undefined) {
      if (option.required) return `${name} needs a value`;
    } else if (!PLACEHOLDER.test(given)) {
      const wrong = given.split("|").find((choice) => option.argChoices && !option.argChoices.includes(choice));
      if (wrong !== undefined) return `${name} cannot be ${wrong}`;
    }
  }
  return operandMistake(command, operands);
}

function operandMistake(command: Command, operands: readonly string[]): string | undefined {
  // The default command takes paths: a command that there is not would be one.
  const odd = operands.find((o) => !/[./]/.test(o) && !PLACEHOLDER.test(o) && o !== "src");
  if (command === program) return odd === undefined ? undefined : `there is no command ${odd}`;
  const takesNone = command.registeredArguments.length === 0;
  if (command.commands.length > 0 && takesNone && operands.length > 0)
    return `${command.name()} has no command ${operands[0]}`;
  const { registeredArguments } = command;
  const isMany = registeredArguments.at(-1)?.variadic === true;
  return isMany || operands.length <= registeredArguments.length ? undefined : `${command.name()} takes no ${odd}`;
}

function helpMistake([name]: readonly string[]): string | undefined {
  const isKnown = name === undefined || PLACEHOLDER.test(name) || program.commands.some((c) => c.name() === name);
  return isKnown ? undefined : `there is no command ${name}`;
}

/** Options of the default command belong to the program, too. */
function optionNamed(name: string, command: Command): Option | undefined {
  const scan = program.commands.find((c) => c.name() === "scan")!;
  const from = command === program ? [program, scan] : [command, ...(command.parent ? [command.parent] : []), program];
  const known = [...from.flatMap((c) => c.options), new Option("-h, --help")];
  return known.find((o) => o.long === name || o.short === name);
}
