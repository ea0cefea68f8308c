/** The HTML report without a mouse, and for readers of screens; in the dark, on paper, on a small screen. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { PageData } from "../../../src/report/html/page-data.ts";
import { tree, ungil } from "../ungil.ts";
import { attributes, complaints, NO_BROWSER, named, openReport, reportFile, settled, texts } from "./browser.ts";

let file: string;
let data: PageData;

beforeAll(() => {
  const folder = tree({ ".git/HEAD": "" });
  cpSync(join(import.meta.dirname, "../../../samples/demo"), join(folder, "demo"), { recursive: true });
  const { stdout } = ungil(["demo", "--format", "html"], folder);
  file = reportFile(stdout);
  data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(stdout)![1]);
});

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key as "Enter");
  await settled(page);
};
/** What has the keyboard: its id, or else its class. */
const focused = async (page: Page) => {
  await settled(page);
  return page.evaluate("document.activeElement.id || document.activeElement.className") as Promise<string>;
};
const current = async (page: Page) => {
  const [id] = await attributes(page, "#list", "aria-activedescendant");
  return (await attributes(page, `#${id}`, "aria-level"))[0] === "1"
    ? "group"
    : (await texts(page, `#${id} .row-place`))[0];
};

describe.skipIf(NO_BROWSER)(named("keys"), () => {
  it("go through everything", async () => {
    const { page, errors } = await openReport(file);
    await press(page, "Tab");
    expect(await focused(page)).toBe("skip");
    await press(page, "Enter");
    expect(await focused(page)).toBe("list");
    await press(page, "j");
    const first = await current(page);
    await press(page, "ArrowDown");
    const second = await current(page);
    expect(second).not.toBe(first);
    await press(page, "k");
    expect(await current(page)).toBe(first);
    expect(await texts(page, ".detail h2")).not.toEqual(["Overview"]);

    await press(page, "ArrowLeft");
    expect(await current(page)).toBe("group");
    expect((await attributes(page, ".row.group", "aria-expanded"))[0]).toBe("false");
    await press(page, "Enter");
    expect((await attributes(page, ".row.group", "aria-expanded"))[0]).toBe("true");
    await press(page, "j", "Enter");
    expect(await focused(page)).toBe("finding-title");
    await press(page, "]");
    expect(await focused(page)).toBe("step-1");
    await press(page, "]", "[");
    expect(await focused(page)).toBe("step-1");
    await press(page, "Escape");
    expect(await focused(page)).toBe("list");

    await press(page, "/");
    expect(await focused(page)).toBe("filter");
    await page.keyboard.type("borrowed j");
    expect(await page.evaluate("document.activeElement.value")).toBe("borrowed j");
    await press(page, "Escape");
    expect(await page.evaluate("document.activeElement.value")).toBe("");
    await press(page, "Escape");
    expect(await focused(page)).toBe("list");

    await press(page, "End");
    const last = await current(page);
    await press(page, "Home");
    expect(await current(page)).toBe("group");
    expect(last).not.toBe("group");
    await press(page, "PageDown", "g", "s");
    expect(await page.evaluate("location.hash")).toContain("sort=file&group=rule");
    await press(page, "o");
    expect(await texts(page, ".detail h2")).toEqual(["Overview"]);
    await press(page, "?");
    expect((await texts(page, "dialog th")).length).toBeGreaterThan(20);
    await press(page, "j", "Escape");
    expect(await texts(page, "dialog")).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("reach every button that a mouse reaches, with a ring that can be seen", async () => {
    const { page } = await openReport(file, { hash: `#f=${data.findings.find((f) => f.fix?.level === "safe")!.id}` });
    const all = `[...document.querySelectorAll("button:not(:disabled), select, input, summary, [tabindex='0']")]`;
    const wanted = (await page.evaluate(`${all}.filter((e) => e.checkVisibility()).length`)) as number;
    const seen = new Set<string>();
    let bare = 0;
    await page.evaluate("document.body.focus()");
    for (let i = 0; i < wanted + 5; i++) {
      await page.keyboard.press("Tab");
      const [index, outline] = (await page.evaluate(
        `[${all}.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]`,
      )) as [number, string];
      if (index >= 0) seen.add(String(index));
      if (index >= 0 && outline === "none") bare++;
    }
    expect(seen.size).toBe(wanted);
    expect(bare).toBe(0);
  });

  it("leave the browser its own", async () => {
    const { page } = await openReport(file);
    await page.keyboard.down("Control");
    await press(page, "j", "o");
    await page.keyboard.up("Control");
    expect(await page.evaluate("location.hash")).toBe("");
  });
});

describe.skipIf(NO_BROWSER)(named("accessibility"), () => {
  const views = {
    overview: "#view=overview",
    finding: () => `#f=${data.findings[2].id}`,
    nothing: "#q=nothing-like-this",
  };

  it.each(
    (["light", "dark"] as const).flatMap((scheme) =>
      [1280, 360].flatMap((width) => Object.keys(views).map((view) => [scheme, width, view] as const)),
    ),
  )("has no complaints in %s at %d: %s", async (scheme, width, view) => {
    const address = views[view as keyof typeof views];
    const hash = typeof address === "string" ? address : address();
    const { page } = await openReport(file, { hash, width, height: 740, scheme });
    for (const summary of await page.$$("details:not([open]) > summary"))
      await summary.evaluate("e => e.click()" as never);
    await page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
    expect(await complaints(page)).toEqual([]);
  });

  it("has no complaints about the help", async () => {
    const { page } = await openReport(file);
    await press(page, "?");
    expect(await complaints(page)).toEqual([]);
  });

  it("has no complaints without scripts", async () => {
    const { page } = await openReport(file, { scripts: false });
    await page.setJavaScriptEnabled(true);
    expect(await complaints(page)).toEqual([]);
  });
});

describe.skipIf(NO_BROWSER)(named("looks"), () => {
  const ground = (page: Page) => page.evaluate("getComputedStyle(document.body).backgroundColor") as Promise<string>;

  it("follow the system until the reader decides", async () => {
    const { page } = await openReport(file, { scheme: "dark" });
    const dark = await ground(page);
    expect(dark).not.toBe("rgb(255, 255, 255)");
    await press(page, "t");
    expect(await ground(page)).toBe("rgb(255, 255, 255)");
    await page.reload();
    expect(await ground(page)).toBe("rgb(255, 255, 255)");
    await press(page, "t");
    expect(await ground(page)).toBe(dark);
    await press(page, "t");
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    expect(await ground(page)).toBe("rgb(255, 255, 255)");
  });

  it("keep still where that is asked for", async () => {
    const { page } = await openReport(file);
    const moving = () =>
      page.evaluate("getComputedStyle(document.querySelector('.bar-part')).transitionDuration") as Promise<string>;
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "no-preference" }]);
    expect(await moving()).toBe("0.12s");
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    expect(await moving()).toBe("0s");
  });

  it.each([360, 700, 1000, 1600])("fit a screen of %d pixels", async (width) => {
    const { page } = await openReport(file, { width, height: 740, hash: `#f=${data.findings[2].id}` });
    const over = () =>
      page.evaluate(`[...document.querySelectorAll("body, .page, .detail, .findings, .top")]
        .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className || e.tagName)`);
    expect(await over()).toEqual([]);
    await press(page, "o");
    expect(await over()).toEqual([]);
    await press(page, "Escape");
    expect(await over()).toEqual([]);
  });

  it("show one thing at a time on a small screen", async () => {
    const { page } = await openReport(file, { width: 360, height: 740 });
    const isShown = (selector: string) =>
      page.evaluate(`document.querySelector("${selector}")?.getClientRects().length > 0`) as Promise<boolean>;
    expect(await isShown(".detail")).toBe(false);
    await page.click(".row.item");
    await settled(page);
    expect([await isShown(".detail"), await isShown(".list")]).toEqual([true, false]);
    await page.click(".to-list");
    await settled(page);
    expect([await isShown(".detail"), await isShown(".list")]).toEqual([false, true]);
  });

  it("have the findings that are shown on paper", async () => {
    const { page } = await openReport(file, { hash: "#risk=high" });
    await settled(page);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMediaType("print");
    const high = data.findings.filter((f) => f.risk === "high");
    expect(await texts(page, "#paper h2")).toHaveLength(high.length);
    expect(await page.evaluate("document.querySelector('#paper').getClientRects().length")).toBe(1);
    expect(await page.evaluate("document.querySelector('#app').getClientRects().length")).toBe(0);
  });
});
