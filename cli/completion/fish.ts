/** The completion script for fish, 3.0 or newer. */
import type { Candidate, CommandModel, CompletionModel, Values } from "./model.ts";

/** Ends with a newline. */
export function fishScript({ program, commands, fallback }: CompletionModel): string {
  const fn = `__${program}`;
  const alone = (commands[0]?.options ?? []).filter((o) => o.values === undefined).flatMap((o) => o.flags);
  const named = commands.filter((c) => c.path !== "");
  const lists = new Map<readonly Candidate[], string>();
  const listOf = (of: readonly Candidate[]) => {
    if (!lists.has(of)) lists.set(of, `${fn}_list_${lists.size + 1}`);
    return lists.get(of) as string;
  };
  const lines = commands.flatMap((command) => linesOf(program, command, fallback, listOf));
  return `# fish completion for ${program}, made by \`${program} completion fish\`.

# The command that is meant, with a + where its own commands may follow.
function ${fn}_place
    set -l words (commandline -opc)
    set -l place ''
    for word in $words[2..-1]
        switch "$place $word"
            case ${alone.map((flag) => quoted(` ${flag}`)).join(" ")}
            case ${named.map((c) => quoted(c.path.includes(" ") ? c.path : ` ${c.path}`)).join(" ")}
                set place (string trim -- "$place $word")
            case '*'
                test -z "$place"; and set place ${fallback}
                echo -- $place
                return
        end
    end
    echo -- $place+
end

function ${fn}_in
    string match -q -- "$argv[1]" (string replace '+' '' -- (${fn}_place))
end

function ${fn}_fresh
    test "$argv[1]+" = (${fn}_place)
end

# What stands before the last comma of the word, with which each candidate begins.
function ${fn}_before
    string replace -r '^--?[a-z-]+=' '' -- (commandline -ct) | string match -r '^.*,'
end

function ${fn}_several
    set -l before (${fn}_before)
    for line in ($argv[1])
        echo -- "$before$line"
    end
end

${[...lists].map(([of, name]) => candidateList(name, of)).join("\n\n")}

function ${fn}_refs
    git for-each-ref --format='%(refname:short)' 2>/dev/null
end

complete -c ${program} -e
${lines.join("\n")}
`;
}

function linesOf(
  program: string,
  { path, options, commands, argument }: CommandModel,
  fallback: string,
  listOf: (of: readonly Candidate[]) => string,
): string[] {
  const fn = `__${program}`;
  const fresh = `${fn}_fresh ${quoted(path)}`;
  // Where no command is named, the options of the one that is meant count too.
  const here =
    path === "" ? fresh : path === fallback ? `${fn}_in ${path}; or ${fn}_fresh ''` : `${fn}_in ${quoted(path)}`;
  const start = `complete -c ${program} -n ${quoted(here)}`;
  const offered = (values: Values): string => {
    switch (values.kind) {
      case "one":
        return values.of.some((v) => v.description !== "")
          ? ` -xa ${quoted(`(${listOf(values.of)})`)}`
          : ` -xa ${quoted(values.of.map((v) => v.name).join(" "))}`;
      case "several":
        return ` -xa ${quoted(`(${fn}_several ${listOf(values.of)})`)}`;
      case "files":
        return " -rF";
      case "folders":
        return " -xa '(__fish_complete_directories)'";
      case "refs":
        return ` -xa ${quoted(`(${fn}_refs)`)}`;
      case "nothing":
        return " -x";
    }
  };
  const lines = commands.map(
    (c) => `complete -c ${program} -n ${quoted(fresh)} -a ${quoted(c.name)} -d ${quoted(c.description)}`,
  );
  for (const { flags, description, values } of options) {
    const names = flags.map((flag) => (flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`));
    lines.push(`${start}${names.join("")} -d ${quoted(description)}${values === undefined ? "" : offered(values)}`);
  }
  const takesFiles = argument?.kind === "files" || path === "";
  if (argument?.kind === "one") lines.push(`${start} -f${offered(argument).replace(" -xa", " -a")}`);
  else if (argument?.kind === "folders") lines.push(`${start} -f -a '(__fish_complete_directories)'`);
  else if (!takesFiles) lines.push(`${start} -f`);
  return lines;
}

function candidateList(name: string, of: readonly Candidate[]): string {
  const lines = of.map(
    (c) => `    echo -- ${quoted(c.name)}${c.description === "" ? "" : `\\t${quoted(c.description)}`}`,
  );
  return `function ${name}\n${lines.join("\n")}\nend`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
