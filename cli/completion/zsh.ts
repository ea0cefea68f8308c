/** The completion script for zsh, 5.0 or newer: `_arguments` gets the specification of the command that is meant. */
import type { Candidate, CommandModel, CompletionModel, OptionModel, Values } from "./model.ts";

/** To be sourced after `compinit`, or kept as `_ungil` in a folder of `fpath`. Ends with a newline. */
export function zshScript({ program, commands, fallback }: CompletionModel): string {
  const fn = `_${program}`;
  const scan = commands.find((c) => c.path === fallback);
  const root = commands[0];
  const alone = (root?.options ?? []).filter((o) => o.values === undefined).flatMap((o) => o.flags);
  const named = commands.filter((c) => c.path !== "");
  const lists = new Map<readonly Candidate[], string>();
  const listOf = (of: readonly Candidate[]) => {
    if (!lists.has(of)) lists.set(of, `${fn}_list_${lists.size + 1}`);
    return lists.get(of) as string;
  };
  const specs = commands.map((command) => {
    const own = command.path === "" && scan ? merged(command, scan) : command;
    return specification(fn, own, listOf);
  });
  return `#compdef ${program}
# zsh completion for ${program}, made by \`${program} completion zsh\`.

${fn}() {
  local place='' fresh=1
  integer i=2 n=0
  while (( i < CURRENT )); do
    case "$place $words[i]" in
      (${alone.map((flag) => quoted(` ${flag}`)).join("|")}) ;;
      (${named.map((c) => quoted(c.path.includes(" ") ? c.path : ` ${c.path}`)).join("|")})
        place="\${place:+$place }$words[i]"
        (( n = i - 1 ))
        ;;
      (*) fresh=''; break ;;
    esac
    (( i++ ))
  done
  [[ -z $place && -z $fresh ]] && place=${fallback}
  if (( n > 0 )); then
    shift n words
    (( CURRENT -= n ))
  fi
  case $place in
${specs.join("\n")}
  esac
}

${commands
  .filter((c) => c.commands.length > 0)
  .map((c) => commandList(fn, c, c.path === "" ? scan : c))
  .join("\n\n")}

${[...lists].map(([of, name]) => candidateList(name, of)).join("\n\n")}

${fn}_refs() {
  local -a refs
  refs=(\${(f)"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)"})
  compadd -a refs
}

if [[ $funcstack[1] == ${fn} ]]; then
  ${fn} "$@"
else
  compdef ${fn} ${program}
fi
`;
}

/** Where no command is named, the options of the one that is meant count too. */
function merged(root: CommandModel, scan: CommandModel): CommandModel {
  const known = new Set(root.options.flatMap((o) => o.flags));
  const more = scan.options.filter((o) => !o.flags.some((flag) => known.has(flag)));
  return { ...root, options: [...root.options, ...more] };
}

function specification(
  fn: string,
  { path, options, commands, argument }: CommandModel,
  listOf: (of: readonly Candidate[]) => string,
): string {
  const action = (values: Values): string => {
    switch (values.kind) {
      case "one":
        return values.of.some((v) => v.description !== "")
          ? listOf(values.of)
          : `(${values.of.map((v) => v.name).join(" ")})`;
      case "several":
        return `${listOf(values.of)} several`;
      case "files":
        return "_files";
      case "folders":
        return "_files -/";
      case "refs":
        return `${fn}_refs`;
      case "nothing":
        return " ";
    }
  };
  const specs = options.flatMap((option) => optionSpecs(option, action));
  const rest =
    commands.length > 0
      ? `'*: :${functionName(fn, path)}'`
      : argument === undefined
        ? undefined
        : `'*: :${action(argument)}'`;
  const lines = [...specs, ...(rest === undefined ? [] : [rest])].map((spec) => `        ${spec}`);
  return `    (${quoted(path)})\n      _arguments -s -S \\\n${lines.join(" \\\n")}\n      ;;`;
}

/** Each may stand several times: what is given twice is the user's decision. */
function optionSpecs({ flags, description, values }: OptionModel, action: (values: Values) => string): string[] {
  const text = description.replace(/[[\]\\:]/g, "\\$&");
  return flags.map((flag) => {
    const form = values === undefined ? flag : flag.startsWith("--") ? `${flag}=` : `${flag}+`;
    return quoted(`*${form}[${text}]${values === undefined ? "" : `: :${action(values)}`}`);
  });
}

function functionName(fn: string, path: string): string {
  return `${fn}_commands${path === "" ? "" : `_${path.replaceAll(" ", "_")}`}`;
}

/** The commands where the first word stands, and what the command takes besides. */
function commandList(fn: string, { path, commands }: CommandModel, taking: CommandModel | undefined): string {
  const files = taking?.argument ? "\n  _files" : "";
  return `${functionName(fn, path)}() {
  if [[ -n $fresh ]]; then
    local -a commands
    commands=(
${commands.map(described).join("\n")}
    )
    _describe -t commands command commands
  fi${files}
}`;
}

function candidateList(name: string, of: readonly Candidate[]): string {
  return `${name}() {
  local -a names
  names=(
${of.map(described).join("\n")}
  )
  [[ $argv[-1] == several ]] && { compset -P '*,'; compset -S ',*' }
  _describe -t names name names
}`;
}

function described({ name, description }: Candidate): string {
  return `    ${quoted(description === "" ? name : `${name.replaceAll(":", "\\:")}:${description}`)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
