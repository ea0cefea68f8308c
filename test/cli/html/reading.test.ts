/** The HTML report as a reader uses it: filters, order, groups, charts, the finding, links. */
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { PageData } from "../../../src/report/html/page-data.ts";
import { tree, ungil } from "../ungil.ts";
import { attributes, type ElementLike, NO_BROWSER, named, openReport, reportFile, settled, texts } from "./browser.ts";

let folder: string;
let file: string;
let data: PageData;

beforeAll(() => {
  folder = tree({ ".git/HEAD": "" });
  cpSync(join(import.meta.dirname, "../../../samples/demo"), join(folder, "demo"), { recursive: true });
  const { stdout, stderr, code } = ungil(["demo", "--format", "html"], folder);
  expect(stderr).toBe("");
  expect(code).toBe(1);
  file = reportFile(stdout);
  data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(stdout)![1]);
});

const count = (page: Page) => texts(page, ".list-count").then(([text]) => text);
const ruleOf = (f: PageData["findings"][number]) => data.rules[f.rule];
const hash = async (page: Page) => {
  await settled(page);
  return page.evaluate("location.hash") as Promise<string>;
};
/** A finding with a fix of this level and something else that the test needs. */
const some = (test: (f: PageData["findings"][number]) => boolean) => data.findings.find(test)!;

describe.skipIf(NO_BROWSER)(named("what is shown"), () => {
  it("is the overview and the list, worst file first, until something is asked for", async () => {
    const { page, errors, requests } = await openReport(file);
    expect(await count(page)).toBe(`${data.findings.length} findings`);
    expect(await texts(page, ".detail h2")).toEqual(["Overview"]);
    expect(await page.title()).toBe("demo: ungil report");
    const [first] = await texts(page, ".row.group");
    const high = data.findings.filter((f) => f.risk === "high");
    const most = data.files
      .map((f, i) => ({ name: f.name, n: high.filter((h) => h.file === i).length }))
      .sort((a, b) => b.n - a.n)[0];
    expect(first).toMatch(new RegExp(`^${most.name}: \\d+ findings \\(${most.n} high`));
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
  });

  it("follows the filter box, by words and by fields", async () => {
    const { page } = await openReport(file);
    const type = async (text: string) => {
      await page.$eval("input.filter", (e) => {
        (e as unknown as ElementLike).value = "";
      });
      await page.type("input.filter", text);
      return count(page);
    };
    const all = data.findings.length;
    const shown = (n: number) => `${n} of ${all} findings`;
    const inFile = (name: string) => data.findings.filter((f) => data.files[f.file].name.includes(name));
    expect(await type("file:packet.c")).toBe(shown(inFile("packet.c").length));
    expect(await type("file:packet.c,parse.c -risk:info")).toBe(
      shown([...inFile("packet.c"), ...inFile("parse.c")].filter((f) => f.risk !== "info").length),
    );
    expect(await type("rule:borrowed fix:safe")).toBe(
      shown(data.findings.filter((f) => ruleOf(f).name.includes("borrowed") && f.fix?.level === "safe").length),
    );
    expect(await type("function:STORE_LATEST")).toBe(
      shown(data.findings.filter((f) => f.function === "store_latest").length),
    );
    expect(await type("colour:red")).toBe(`0 of ${all} findings (no key colour)`);
    expect(await texts(page, ".nothing")).toEqual(["No finding passes the filters."]);
    expect(await hash(page)).toBe("#q=colour%3Ared");
  });

  it("follows the switches; their numbers say what each would show", async () => {
    const { page } = await openReport(file);
    const facet = (value: string) => `.side [data-value="${value}"]`;
    const number = async (value: string) =>
      Number.parseInt((await texts(page, `${facet(value)} .facet-count`))[0].slice(2), 10);
    await page.click(facet("high"));
    const high = data.findings.filter((f) => f.risk === "high");
    expect(await count(page)).toBe(`${high.length} of ${data.findings.length} findings`);
    const locking = high.filter((f) => ruleOf(f).family === "locking");
    expect(await number("locking")).toBe(locking.length);
    // What is chosen already does not count against its own kind.
    const medium = data.findings.filter((f) => f.risk === "medium").length;
    expect(await number("medium")).toBe(medium);
    await page.click(facet("locking"));
    expect(await count(page)).toBe(`${locking.length} of ${data.findings.length} findings`);
    expect(await hash(page)).toBe("#risk=high&family=locking");
    await page.click(facet("medium"));
    expect(await texts(page, ".chip")).toEqual(["risk: high ×", "risk: medium ×", "family: locking ×"]);
    await page.click(".chip");
    expect(await hash(page)).toBe("#risk=medium&family=locking");
    await page.click(".chips .link");
    expect(await hash(page)).toBe("");
    expect(await count(page)).toBe(`${data.findings.length} findings`);
  });

  it("is sorted and grouped as one likes", async () => {
    const { page } = await openReport(file);
    const groups = () => texts(page, ".row.group");
    await page.select(".list-tools label:nth-of-type(1) select", "rule");
    await page.select(".list-tools label:nth-of-type(2) select", "rule");
    const names = [...new Set(data.findings.map((f) => ruleOf(f).name))].sort();
    expect((await groups())[0]).toMatch(new RegExp(`^${names[0]}: `));
    await page.select(".list-tools label:nth-of-type(1) select", "none");
    expect(await groups()).toEqual([]);
    expect((await texts(page, ".row-rule"))[0]).toBe(names[0]);
    expect(await hash(page)).toBe("#sort=rule&group=none");
    await page.select(".list-tools label:nth-of-type(1) select", "function");
    await page.select(".list-tools label:nth-of-type(2) select", "risk");
    await page.click(".row.group");
    expect((await attributes(page, ".row.group", "aria-expanded"))[0]).toBe("false");
    expect((await attributes(page, ".row:nth-child(2)", "class"))[0]).toContain("group");
  });

  it("keeps the name of the group in sight", async () => {
    const { page } = await openReport(file);
    const above = () => texts(page, ".list-above .path-name");
    expect(await above()).toEqual([]);
    await page.$eval("#list", (list) => {
      (list as unknown as { scrollTop: number }).scrollTop = 200;
    });
    const [first] = await texts(page, ".list-inner .row.group .path-name");
    await expect.poll(above).toEqual([first]);
    await page.click(".list-above .row");
    expect((await attributes(page, ".list-inner .row.group", "aria-expanded"))[0]).toBe("false");
  });

  it("follows clicks on the charts", async () => {
    const { page } = await openReport(file, { hash: "#view=overview" });
    const pick = async (label: string) => {
      await page.click(`.overview [data-value="${label}"]`);
      return count(page);
    };
    const of = (n: number) => `${n} of ${data.findings.length} findings`;
    expect(await pick("borrowed")).toBe(of(data.findings.filter((f) => ruleOf(f).family === "borrowed").length));
    expect(await hash(page)).toBe("#family=borrowed");
    const [module] = data.modules;
    const inModule = data.findings.filter((f) => f.module === module.name).length;
    expect(await pick(module.name)).toBe(inModule === data.findings.length ? `${inModule} findings` : of(inModule));
    expect(await hash(page)).toBe(`#module=${module.name}`);
    await page.click(".tile.risk-medium");
    expect(await hash(page)).toBe("#risk=medium");
    await page.click(".fix-levels .level-safe");
    expect(await count(page)).toBe(of(data.findings.filter((f) => f.fix?.level === "safe").length));
    const worst = (await texts(page, "[aria-labelledby=worst-files] .chart-name"))[0];
    await page.click("[aria-labelledby=worst-files] .chart-bar");
    expect(await count(page)).toBe(of(data.findings.filter((f) => data.files[f.file].name === worst).length));
  });
});

describe.skipIf(NO_BROWSER)(named("a finding"), () => {
  it("shows its code, its evidence and what its fix would change", async () => {
    const finding = some((f) => f.fix?.level === "safe" && ruleOf(f).name === "borrowed-list-item");
    const { page, errors } = await openReport(file, { hash: `#f=${finding.id.slice(0, 10)}` });
    expect(await texts(page, "#finding-title")).toEqual(["borrowed-list-item"]);
    expect(await texts(page, ".message")).toEqual([finding.message.replaceAll("`", "")]);
    const source = readFileSync(
      join(import.meta.dirname, "../../..", "samples", data.files[finding.file].name),
      "utf8",
    );
    const line = source.split("\n")[finding.line - 1];
    expect(await texts(page, "section[aria-label=Code] .main code")).toEqual([line.trim().replace(/\s+/g, " ")]);
    expect(await texts(page, "section[aria-label=Code] .main .marked")).toEqual([
      line.slice(finding.column - 1, finding.endColumn - 1).replace(/\s+/g, " "),
    ]);
    expect(await texts(page, ".evidence > li .step-text > span")).toEqual(
      finding.evidence.map((e) => e.text.replaceAll("`", "")),
    );
    expect(await texts(page, "#fix-title .badge")).toEqual(["safe"]);
    const added = await texts(page, ".line.added code");
    expect(added.join("\n")).toContain("PyList_GetItemRef(");
    expect(await texts(page, ".line.removed code")).toHaveLength(1);
    // The same as the command says.
    const { stdout } = ungil(["fix", "--diff", "--only", finding.id, "demo"], folder);
    const patched = stdout.split("\n").filter((l) => /^\+(?!\+\+ )/.test(l));
    expect(added).toEqual(patched.map((l) => `+${l.slice(1)}`.replace(/\s+/g, " ").trim()));
    expect(await texts(page, ".command code")).toEqual([`ungil fix --only ${finding.id.slice(0, 12)}`]);
    expect(errors).toEqual([]);
  });

  it("says what to look at, why there is no rewrite, and what to do by hand", async () => {
    const review = some((f) => f.fix?.level === "review" && f.fix.notes.length > 0);
    const { page } = await openReport(file, { hash: `#f=${review.id}` });
    const notes = await texts(page, "[aria-labelledby=fix-title] li");
    expect(notes).toEqual(review.fix!.notes.map((n) => n.replaceAll("`", "")));
    const manual = some((f) => f.fix?.level === "manual" && f.fix.recipe.length > 1);
    await page.evaluate(`location.hash = "#f=${manual.id}"`);
    await page.waitForFunction(`document.querySelector(".fingerprint code").textContent === "${manual.id}"`);
    const steps = await texts(page, "[aria-labelledby=fix-title] ol li");
    expect(steps).toEqual(manual.fix!.recipe.map((r) => r.replaceAll("`", "").replace(/\s+/g, " ")));
    await page.click(".about summary");
    expect(await texts(page, ".about pre")).toContain(
      ruleOf(manual)
        .docs.find(([head]) => head === "Example")![1]
        .split(/\n\n(?=\S)/)[0]
        .replace(/\s+/g, " ")
        .trim(),
    );
    expect(await texts(page, ".about h4")).toEqual(ruleOf(manual).docs.map(([head]) => head));
  });

  it("grows its code, goes to steps of the evidence, and can be taken along", async () => {
    const finding = some((f) => f.evidence.length > 4 && f.line > 40);
    const { page } = await openReport(file, { hash: `#f=${finding.id}` });
    const lines = async () => (await page.$$("section[aria-label=Code] .line")).length;
    const before = await lines();
    await page.click("section[aria-label=Code] .frame-head .link");
    expect(await lines()).toBeGreaterThan(before);
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    await page.waitForFunction("document.activeElement.id === 'step-2'");
    expect(await texts(page, ".evidence > li.current > .step-text .step-number")).toEqual(["2"]);
    await page.evaluate(
      "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }",
    );
    const place = `${data.files[finding.file].name}:${finding.line}:${finding.column}`;
    await page.click(".actions button:nth-child(1)");
    expect(await page.evaluate("window.copied")).toBe(place);
    await page.click(".actions button:nth-child(2)");
    expect(await page.evaluate("window.copied")).toBe(`/* ungil: ignore[${ruleOf(finding).name}] REASON */`);
    await page.keyboard.press("c");
    expect(await page.evaluate("window.copied")).toBe(place);
    await page.waitForFunction(`document.querySelector(".toast").textContent === "Copied: ${place}"`);
  });

  it("is found again by its link, with the filters around it", async () => {
    const finding = some((f) => f.risk === "medium" && ruleOf(f).family === "globals");
    const { page } = await openReport(file, { hash: "#risk=medium&family=globals&group=none&sort=file" });
    await page.click(
      `.row.item:nth-child(${data.findings.filter((f) => f.risk === "medium" && ruleOf(f).family === "globals").indexOf(finding) + 1})`,
    );
    const link = await hash(page);
    expect(link).toBe(`#risk=medium&family=globals&sort=file&group=none&f=${finding.id}`);
    const before = await count(page);
    const again = await openReport(file, { hash: link });
    expect(await texts(again.page, ".fingerprint code")).toEqual([finding.id]);
    expect(await count(again.page)).toBe(before);
    expect((await texts(again.page, "[aria-selected=true] .row-rule"))[0]).toBe(ruleOf(finding).name);
  });
});
