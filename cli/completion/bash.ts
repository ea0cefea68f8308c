/** The completion script for bash, 3.2 or newer, without the package bash-completion. */
import type { CompletionModel, Values } from "./model.ts";

/** Ends with a newline. */
export function bashScript({ program, commands, fallback }: CompletionModel): string {
  const fn = `_${program}`;
  const rows: [string, string][] = [];
  const scan = commands.find((c) => c.path === fallback);
  for (const { path, options, commands: below, argument } of commands) {
    const own = path === "" ? [...options, ...(scan?.options ?? [])] : options;
    rows.push([`${path}:options`, `list="${[...new Set(own.flatMap((o) => o.flags))].join(" ")}"`]);
    if (below.length > 0) rows.push([`${path}:commands`, `list="${below.map((c) => c.name).join(" ")}"`]);
    const values = path === "" ? scan?.argument : argument;
    if (values) rows.push([`${path}:argument`, action(values)]);
    for (const o of options) if (o.values) for (const flag of o.flags) rows.push([`${path}:${flag}`, action(o.values)]);
  }
  const alone = (commands[0]?.options ?? []).filter((o) => o.values === undefined).flatMap((o) => o.flags);
  return `# bash completion for ${program}, made by \`${program} completion bash\`.

# Sets kind and list for "command:option" and the like.
${fn}_data() {
  kind="" list=""
  case $1 in
${cases(rows)}
  esac
}

${fn}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} place="" fresh=1 kind list i word IFS=$' \\t\\n'
  COMPREPLY=()
  # \`--option=value\` comes as three words.
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ -z $place && " ${alone.join(" ")} " == *" $word "* ]] && continue
    ${fn}_data "$place:commands"
    if [[ -n $list && " $list " == *" $word "* ]]; then
      place="\${place:+$place }$word"
    else
      fresh=""
      break
    fi
  done
  [[ -z $place && -z $fresh ]] && place="${fallback}"
  kind=""
  [[ $prev == -* ]] && ${fn}_data "$place:$prev"
  if [[ -z $kind && $cur == -* ]]; then
    ${fn}_data "$place:options"
    kind="one"
  elif [[ -z $kind ]]; then
    if [[ -n $fresh ]]; then
      ${fn}_data "$place:commands"
      COMPREPLY=($(compgen -W "$list" -- "$cur"))
    fi
    ${fn}_data "$place:argument"
  fi
  case $kind in
    one) COMPREPLY+=($(compgen -W "$list" -- "$cur")) ;;
    several)
      word=""
      [[ $cur == *,* ]] && word="\${cur%,*},"
      COMPREPLY=($(compgen -P "$word" -W "$list" -- "\${cur##*,}"))
      ;;
    refs) COMPREPLY=($(compgen -W "$(git for-each-ref --format='%(refname:short)' 2>/dev/null)" -- "$cur")) ;;
    files | folders)
      # Readline knows more of names with spaces than any script, but only one of them can answer.
      if [[ \${#COMPREPLY[@]} -eq 0 && $kind == files ]] && compopt -o default 2>/dev/null; then return; fi
      compopt -o filenames 2>/dev/null
      IFS=$'\\n'
      if [[ $kind == files ]]; then COMPREPLY+=($(compgen -f -- "$cur")); else COMPREPLY+=($(compgen -d -- "$cur")); fi
      ;;
  esac
}

complete -F ${fn} ${program}
`;
}

function action(values: Values): string {
  const list =
    values.kind === "one" || values.kind === "several" ? ` list="${values.of.map((v) => v.name).join(" ")}"` : "";
  return `kind=${values.kind}${list}`;
}

/** Keys with the same answer share a line. */
function cases(rows: readonly [string, string][]): string {
  const keys = new Map<string, string[]>();
  for (const [key, answer] of rows) keys.set(answer, [...(keys.get(answer) ?? []), `"${key}"`]);
  return [...keys].map(([answer, all]) => `    ${all.join(" | ")}) ${answer} ;;`).join("\n");
}
