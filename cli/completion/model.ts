/** What a shell may offer at each place of a command line, read from the tree of commands. */
import type { Argument, Command, Option } from "commander";
import { RISKS } from "../../src/rule-api/types.ts";
import { addNames, parseFailOn, parseMinPython, parseRisk, parseTarget, TARGETS, VERSIONS } from "../values.ts";

export interface Candidate {
  name: string;
  description: string;
}

export type Values =
  /** One of these. */
  | { kind: "one"; of: readonly Candidate[] }
  /** Some of these, separated by commas. */
  | { kind: "several"; of: readonly Candidate[] }
  /** `refs`: names of branches and tags. */
  | { kind: "files" | "folders" | "refs" | "nothing" };

export interface OptionModel {
  /** `-o`, `--output` */
  flags: string[];
  description: string;
  /** Undefined: the option takes no value. */
  values?: Values;
}

export interface CommandModel {
  /** Names from the program downwards, `baseline create`; "" for the program itself. */
  path: string;
  description: string;
  options: OptionModel[];
  commands: Candidate[];
  /** Of its arguments, all alike; undefined if it takes none. */
  argument?: Values;
}

export interface CompletionModel {
  program: string;
  /** The program first, then each command before its own commands. */
  commands: CommandModel[];
  /** The command that is meant where none is named. */
  fallback: string;
}

/** Values that the parsers of options take; a parser that is not here says nothing. */
const BY_PARSER = new Map<unknown, readonly string[]>([
  [parseRisk, RISKS],
  [parseFailOn, [...RISKS, "none"]],
  [parseTarget, TARGETS.map((minor) => `3.${minor}`)],
  [parseMinPython, VERSIONS],
]);

/** What the words in `<...>` and the names of arguments stand for; words that are not here stand for nothing that a shell knows. */
const BY_WORD: Record<string, Values> = {
  file: { kind: "files" },
  glob: { kind: "files" },
  command: { kind: "files" },
  folder: { kind: "folders" },
  ref: { kind: "refs" },
  PATH: { kind: "files" },
  TARGET: { kind: "files" },
  FILE: { kind: "files" },
};

/** @param names rules and families */
export function completionModel(program: Command, fallback: string, names: readonly Candidate[]): CompletionModel {
  return { program: program.name(), commands: modelsOf(program, "", names), fallback };
}

function modelsOf(command: Command, path: string, names: readonly Candidate[]): CommandModel[] {
  const help = command.createHelp();
  const visible = help.visibleCommands(command);
  const commands = visible.map((c) => ({ name: c.name(), description: oneLine(c.description()) }));
  const below = visible.flatMap((c) => modelsOf(c, path === "" ? c.name() : `${path} ${c.name()}`, names));
  // `help` is made by the library, and takes the names of its siblings.
  for (const model of below) {
    if (model.path === `${path} help`.trim()) model.argument = { kind: "one", of: commands };
  }
  const [argument] = command.registeredArguments;
  return [
    {
      path,
      description: oneLine(command.description()),
      options: help.visibleOptions(command).map((option) => optionModel(option, names)),
      commands,
      ...(argument === undefined ? {} : { argument: valuesOfArgument(argument, names) }),
    },
    ...below,
  ];
}

function optionModel(option: Option, names: readonly Candidate[]): OptionModel {
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: oneLine(option.description),
    ...(option.required || option.optional ? { values: valuesOf(option, names) } : {}),
  };
}

function valuesOf(option: Option, names: readonly Candidate[]): Values {
  if (option.parseArg === addNames) return { kind: "several", of: names };
  const given = option.argChoices ?? BY_PARSER.get(option.parseArg);
  if (given) return { kind: "one", of: plain(given) };
  return BY_WORD[/<(.*)>/.exec(option.flags)?.[1] ?? ""] ?? { kind: "nothing" };
}

function valuesOfArgument(argument: Argument, names: readonly Candidate[]): Values {
  if (argument.argChoices) return { kind: "one", of: plain(argument.argChoices) };
  if (argument.name() === "RULE") return { kind: "one", of: names };
  return BY_WORD[argument.name()] ?? { kind: "nothing" };
}

function plain(names: readonly string[]): Candidate[] {
  return names.map((name) => ({ name, description: "" }));
}

/** Menus of shells have one line, and say the choices themselves. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/ \(default: .*\)$/, "");
}
