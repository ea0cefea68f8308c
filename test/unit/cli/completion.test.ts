import { describe, expect, it } from "vitest";
import { type CommandModel, completionModel } from "../../../cli/completion/model.ts";
import { ungilProgram } from "../../../cli/program.ts";

const names = [{ name: "borrowed", description: "a family" }];
const model = completionModel(ungilProgram(), "scan", names);
const command = (path: string) => model.commands.find((c) => c.path === path) as CommandModel;
const values = (path: string, flag: string) => command(path).options.find((o) => o.flags.includes(flag))?.values;

/** Values that only the user knows. A new word belongs here, or into the model. */
const FREE = ["n", "MB", "i/n", "seconds", "url", "finding", "format=file", "reason"];

describe("the model of completion", () => {
  it("has every command that help shows, and no other", () => {
    const paths = model.commands.map((c) => c.path);
    for (const path of ["", "scan", "fix", "baseline create", "sweep merge", "completion", "help"])
      expect(paths).toContain(path);
    expect(command("").commands.map((c) => c.name)).toEqual(paths.filter((p) => p !== "" && !p.includes(" ")));
  });

  it("knows the values of each option, or that nobody does", () => {
    const help = ungilProgram().createHelp();
    const undecided = (program: ReturnType<typeof ungilProgram>): string[] => [
      ...help
        .visibleOptions(program)
        .filter((o) => o.required && !FREE.includes(/<(.*)>/.exec(o.flags)?.[1] ?? ""))
        .filter((o) => values(pathOf(program), o.long as string)?.kind === "nothing")
        .map((o) => `${pathOf(program)} ${o.flags}`),
      ...program.commands.flatMap(undecided),
    ];
    expect(undecided(ungilProgram())).toEqual([]);
    for (const c of model.commands) expect(c.argument?.kind, c.path).not.toBe("nothing");
  });

  it("takes choices from parsers, words and the registry", () => {
    expect(values("scan", "--select")).toEqual({ kind: "several", of: names });
    expect(values("scan", "--fail-on")).toMatchObject({
      kind: "one",
      of: expect.arrayContaining([{ name: "none", description: "" }]),
    });
    expect(values("fix", "--level")).toMatchObject({ kind: "one", of: [{ name: "safe" }, { name: "review" }] });
    expect(values("scan", "--output")).toEqual({ kind: "files" });
    expect(values("scan", "--quiet")).toBeUndefined();
    expect(command("explain").argument).toEqual({ kind: "one", of: names });
    expect(command("help").argument).toEqual({ kind: "one", of: command("").commands });
  });
});

function pathOf(of: ReturnType<typeof ungilProgram>): string {
  const names: string[] = [];
  for (let c = of; c.parent !== null; c = c.parent) names.unshift(c.name());
  return names.join(" ");
}
