import { describe, expect, it } from "vitest";
import { batches, chooseJobs, openStage } from "../../../src/audit/pool.ts";

const worker = new URL("./fixtures/moody-worker.mjs", import.meta.url);
const tasks = (names: string[]) =>
  names.map((file) => ({ path: `/x/${file}`, file, explicit: false, template: false }));

async function read(names: string[], signal?: AbortSignal) {
  const stage = await openStage({ jobs: 2, options: { target: "3.13" }, cache: null, worker, timeout: 1500, signal });
  try {
    return await stage.read(
      tasks(names),
      names.map(() => 1),
      () => {},
    );
  } finally {
    await stage.close();
  }
}

describe("worker pool", () => {
  it("answers in the order of the tasks", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `f${i}.c`);
    expect((await read(names)).map((a) => a.hash)).toEqual(names);
  });

  it.each(["throws.c", "exits.c", "hangs.c", "dies.c"])("%s costs one file and a problem", async (bad) => {
    const answers = await read(["a.c", bad, "b.c"]);
    expect(answers.map((a) => a.hash)).toEqual(["a.c", "", "b.c"]);
    expect(answers[1].problem).toMatchObject({ file: bad, kind: "crash", skipped: true });
  });

  it("says what took too long", async () => {
    const [answer] = await read(["hangs.c", "a.c"]);
    expect(answer.problem!.message).toBe("internal error: not done within 1.5 s");
  });

  it("stops when it is told to", async () => {
    await expect(read(["a.c", "hangs.c"], AbortSignal.timeout(200))).rejects.toThrow();
  });
});

describe("batches", () => {
  it("hold every file once, large ones first and alone", () => {
    const sizes = [10, 300_000, 20, 5_000_000, 30];
    const result = batches(sizes);
    expect(result.flat().sort()).toEqual([0, 1, 2, 3, 4]);
    expect(result.slice(0, 2)).toEqual([[3], [1]]);
    expect(batches([])).toEqual([]);
    for (const batch of batches(new Array(100).fill(1))) expect(batch.length).toBeLessThanOrEqual(24);
  });
});

describe("chooseJobs", () => {
  it("takes what the user says, but no more threads than files, and none for little work", () => {
    expect(chooseJobs(3, [1, 1, 1, 1])).toBe(3);
    expect(chooseJobs(8, [1, 1])).toBe(2);
    expect(chooseJobs(0, [1000, 1000])).toBe(1);
    expect(chooseJobs(0, [50_000_000, 1])).toBeGreaterThanOrEqual(1);
  });
});
