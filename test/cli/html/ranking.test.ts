/** The ranking of a sweep in a browser. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rank } from "../../../src/audit/sweep/ranking/rank.ts";
import { rankingPage } from "../../../src/report/sweep/html.ts";
import { done, failed, moduleOf } from "../../unit/audit/sweep/sample-records.ts";
import { attributes, complaints, NO_BROWSER, named, openReport, reportFile, settled, texts } from "./browser.ts";

const EVIL = `"><img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>\u202e`;
const records = [
  done("broken", { modules: [moduleOf("yes", 2)], risks: { high: 2 }, lines: 9000 }),
  done("small", { risks: { high: 1 }, work: { "borrowed-dict-item": { safe: 1 } } }),
  done("large", { risks: { high: 30 }, lines: 90_000, work: { "global-mutable": { manual: 30, family: "globals" } } }),
  done("ready", { modules: [moduleOf("yes")] }),
  failed(EVIL, EVIL),
];
const asset = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../../dist/src/report/html/assets", name), "utf8");
const page = () => {
  const look = { script: asset("ranking.js"), style: asset("ranking-page.css") };
  return reportFile(rankingPage(rank({ records, sort: "score" }), { name: "ungil", version: "1" }, look));
};
const NAMES = "tbody tr:not([hidden]) th";

describe.skipIf(NO_BROWSER)(named("the page of a ranking"), () => {
  it("sorts by a column, both ways, and keeps what has no value last", async () => {
    const { page: p, errors, requests } = await openReport(page());
    const begin = ["broken", "small", "large", "ready"];
    expect((await texts(p, NAMES)).slice(0, 4)).toEqual(begin);
    const click = async (title: string) => {
      await p.evaluate(
        `[...document.querySelectorAll("thead button")].find((b) => b.textContent === "${title}").click()`,
      );
      return (await texts(p, NAMES)).slice(0, 4);
    };
    expect(await click("High")).toEqual(["large", "broken", "small", "ready"]);
    expect(await attributes(p, "th[aria-sort]", "aria-sort")).toEqual(["descending"]);
    expect(await click("Effort")).toEqual(["small", "broken", "large", "ready"]);
    expect(await click("Effort")).toEqual(["large", "broken", "small", "ready"]);
    expect(await click("#")).toEqual(begin);
    expect([errors, requests]).toEqual([[], []]);
  });

  it("filters by group and by words", async () => {
    const { page: p } = await openReport(page());
    await p.keyboard.press("/");
    await p.keyboard.type("mutable");
    expect(await texts(p, NAMES)).toEqual(["large"]);
    expect(await texts(p, "#shown")).toEqual(["1 of 5 shown"]);
    await p.evaluate('document.querySelector("#search").value = ""');
    await p.click('[data-group-filter="urgent"]');
    await p.click('[data-group-filter="nothing-to-do"]');
    expect(await texts(p, NAMES)).toEqual(["broken", "ready"]);
    await p.click('[data-group-filter="urgent"]');
    expect(await texts(p, NAMES)).toEqual(["ready"]);
  });

  it("runs nothing of what is in names and reasons", async () => {
    const { page: p, errors } = await openReport(page());
    await settled(p);
    expect(await p.evaluate("typeof hacked")).toBe("undefined");
    expect(await p.evaluate("[document.images.length, document.scripts.length]")).toEqual([0, 1]);
    expect((await texts(p, NAMES)).at(-1)).toContain("\\u202e");
    expect(errors).toEqual([]);
  });

  it.each(["light", "dark"] as const)("has nothing against it in the %s", async (scheme) => {
    const { page: p } = await openReport(page(), { scheme });
    expect(await complaints(p)).toEqual([]);
  });

  it("is a table where scripts do not run", async () => {
    const { page: p } = await openReport(page(), { scripts: false });
    expect(await p.$$eval(NAMES, (names) => names.length)).toBe(5);
    expect(await p.evaluate('document.querySelector(".tools").checkVisibility()')).toBe(false);
  });
});
