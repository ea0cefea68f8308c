import { describe, expect, it } from "vitest";
import { isInShard, parseShard, shardLabel } from "../../../../src/audit/sweep/shard.ts";
import { archiveKind, distinct, parseList, targetAt } from "../../../../src/audit/sweep/targets.ts";

describe("lists", () => {
  it("have a path a line, with a name if wanted, and comments", () => {
    const text = "\ufeff# all\r\nsdists/a-1.0.tar.gz  # the first\n\n  b = ../b\nC c = /x/y z.zip\nd#e=f\n";
    expect(parseList(text, "list", "/base").map((t) => [t.name, t.path, t.location])).toEqual([
      ["a-1.0", "sdists/a-1.0.tar.gz", "/base/sdists/a-1.0.tar.gz"],
      ["b", "../b", "/b"],
      ["C c", "/x/y z.zip", "/x/y z.zip"],
      ["d#e=f", "d#e=f", "/base/d#e=f"],
    ]);
  });

  it.each([
    ["a\n = b", "list:2: half of NAME = PATH is missing"],
    ["a =", "list:1: half of NAME = PATH is missing"],
    ["a\n\nb\0c", "list:3: a control character"],
  ])("%j is no list", (text, message) => {
    expect(() => parseList(text, "list", "/")).toThrow(message);
  });

  it("name archives without their endings", () => {
    const names = ["a-1.0.tar.gz", "a.TGZ", "a.whl", "a.tar", "a.tar.xz", ".zip", "a.b"];
    expect(names.map((n) => targetAt(n, "/").name)).toEqual(["a-1.0", "a", "a", "a", "a", ".zip", "a.b"]);
    expect(names.map(archiveKind)).toEqual(["tar", "tar", "zip", "tar", "unsupported", undefined, undefined]);
  });

  it("have one target a name", () => {
    const [a, same, other] = [targetAt("x/a", "/"), targetAt("/x/./a", "/"), targetAt("y/a", "/")];
    expect(distinct([a, same])).toEqual([a]);
    expect(() => distinct([a, other])).toThrow("two targets are called a: x/a and y/a");
  });
});

describe("shards", () => {
  const names = Array.from({ length: 400 }, (_, i) => `package-${i}`);

  it("share the targets out, each to one, evenly enough", () => {
    const parts = [1, 2, 3, 4].map((index) => names.filter((name) => isInShard(name, { index, count: 4 })));
    expect(parts.flat().sort()).toEqual([...names].sort());
    for (const part of parts) expect(part.length).toBeGreaterThan(70);
  });

  it("are what they were: results of earlier runs stay where they are", () => {
    expect(names.filter((name) => isInShard(name, { index: 3, count: 100 })).slice(0, 4)).toMatchInlineSnapshot(`
      [
        "package-103",
        "package-118",
        "package-127",
      ]
    `);
  });

  const slurm = (id: number, first: number, count: number) => ({
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_MIN: String(first),
    SLURM_ARRAY_TASK_STEP: "1",
    SLURM_ARRAY_TASK_COUNT: String(count),
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ["1/1", {}, "1-of-1"],
    ["3/12", {}, "03-of-12"],
    ["auto", slurm(0, 0, 8), "1-of-8"],
    ["auto", slurm(8, 1, 8), "8-of-8"],
    ["auto", { ...slurm(14, 10, 3), SLURM_ARRAY_TASK_STEP: "2" }, "3-of-3"],
    ["auto/5", { JOB_COMPLETION_INDEX: "0" }, "1-of-5"],
    ["auto", { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "3" }, "2-of-3"],
    ["auto", { BUILDKITE_PARALLEL_JOB: "2", BUILDKITE_PARALLEL_JOB_COUNT: "3" }, "3-of-3"],
    ["auto/2", { CIRCLE_NODE_INDEX: "0", CIRCLE_NODE_TOTAL: "2" }, "1-of-2"],
  ])("%s with %j is %s", (text, env, label) => {
    expect(shardLabel(parseShard(text, env))).toBe(label);
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ["0/3", {}, "--shard 0/3: no shard"],
    ["4/3", {}, "no shard"],
    ["1of3", {}, "no shard"],
    ["1/0", {}, "no shard"],
    ["auto", {}, "no job system is seen"],
    ["auto", { JOB_COMPLETION_INDEX: "1" }, "Kubernetes does not say how many jobs there are"],
    ["auto/3", { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "4" }, "GitLab has 4 jobs, not 3"],
    // --array=1,5,6
    ["auto", { ...slurm(5, 1, 3) }, "Slurm: no shard"],
  ])("%s with %j is none", (text, env, message) => {
    expect(() => parseShard(text, env)).toThrow(message);
  });
});
