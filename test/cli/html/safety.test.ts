/** Nothing in an HTML report runs, hides or calls home, whatever the audited project is made of. */
import { statSync } from "node:fs";
import type { Page } from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { sampleInput } from "../../unit/report/sample-result.ts";
import { temporaryFolder, tree, ungil } from "../ungil.ts";
import { NO_BROWSER, named, openReport, reportFile, settled, texts } from "./browser.ts";
import { builtScript, hostile, hostileReport, largeReport, madeReport } from "./made-report.ts";

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
/** The first hidden character and what is around it. */
const hiddenIn = (text: string) => {
  const at = HIDDEN.exec(text)?.index;
  return at === undefined ? "" : JSON.stringify(text.slice(Math.max(at - 200, 0), at + 20));
};
const everything = async (page: Page) => {
  await settled(page);
  await page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
  return page.evaluate(`document.querySelector("#app").textContent +
    [...document.querySelectorAll("*")].flatMap((e) => [...e.attributes].map((a) => a.value)).join("")`) as Promise<string>;
};
const isClean = async (page: Page) => {
  expect(await page.evaluate("typeof hacked")).toBe("undefined");
  expect(await page.evaluate("document.querySelectorAll('img, a[href^=javascript], iframe, [onerror]').length")).toBe(
    0,
  );
  expect(await page.evaluate("document.scripts.length")).toBe(3);
};

describe("the file", () => {
  const { html } = hostileReport();

  it("has no end of a script and no hidden character that is not its own", () => {
    expect(html.match(/<\/script/g)).toHaveLength(3);
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html).not.toContain("<img");
    expect(html).not.toMatch(HIDDEN);
  });

  it("names no address", () => {
    const { html: plain } = madeReport(sampleInput());
    expect(plain.replaceAll("http://www.w3.org/", "")).not.toMatch(/https?:|\/\/[a-z]+\.[a-z]|@import|url\(/);
  });

  it("is the same however it is made, and has no time in it", () => {
    // The cache goes into the first folder of a test file.
    temporaryFolder();
    const files = { "src/a.c": "#include <string.h>\nchar *next(char *s) { return strtok(s, 0); }\n" };
    const folder = tree(files);
    const args = ["--format", "html", "--fail-on", "none"];
    const first = ungil([...args, "--jobs", "1"], folder).stdout;
    const isSame = (...more: string[]) => ungil([...args, ...more], folder).stdout === first;
    expect(isSame("--jobs", "3")).toBe(true);
    expect(isSame("--no-cache")).toBe(true);
    const { stdout: unproven } = ungil([...args, "--no-fixes"], folder);
    expect([first, unproven].map((html) => /"fixes":(\{.*?\})/.exec(html)![1])).toEqual([
      '{"proven":true}',
      '{"proven":false}',
    ]);
    expect(first).not.toMatch(new RegExp(`${new Date().getFullYear()}-`));
  });
});

describe.skipIf(NO_BROWSER)(named("a hostile project"), () => {
  it("shows what it is called and does nothing", async () => {
    const { html, data } = hostileReport();
    const file = reportFile(html);
    for (const hash of [
      `#f=${data.findings[0].id}`,
      "#view=overview",
      `#q=${encodeURIComponent(hostile("").replace("\ud800", ""))}`,
    ]) {
      const { page, errors, requests } = await openReport(file, { hash });
      const shown = await everything(page);
      expect(hiddenIn(shown)).toBe("");
      await isClean(page);
      expect(errors).toEqual([]);
      expect(requests).toEqual([]);
    }
    const { page } = await openReport(file, { hash: `#f=${data.findings[0].id}` });
    const shown = await everything(page);
    for (const where of [
      "file",
      "function",
      "symbol",
      "message",
      "quoted",
      "module",
      "evidence",
      "title",
      "note",
      "recipe",
      "old",
      "new",
      "same",
      "problem",
      "code",
    ]) {
      expect(shown, where).toContain(
        `${where}</script><script>hacked=1</script><!--<script><img src=x onerror=hacked=1>`,
      );
    }
    expect(await texts(page, ".message .hidden-character")).toContain("\\u202e");
    expect(await texts(page, ".message .hidden-character")).toContain("\\x1b");
    await page.keyboard.press("o");
    const overview = await everything(page);
    for (const where of ["broken", "why", "example", "framework"])
      expect(overview, where).toContain(`${where}</script>`);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await isClean(page);
  });

  it("does nothing without scripts, either, and is all there", async () => {
    const { html, data } = hostileReport();
    const { page, errors } = await openReport(reportFile(html), { scripts: false });
    const text = (await page.$eval("#plain", (e) => (e as unknown as { textContent: string }).textContent)) as string;
    for (const where of ["file", "function", "message", "evidence", "module", "broken", "why"]) {
      expect(text, where).toContain(`${where}</script>`);
    }
    expect(text).not.toMatch(HIDDEN);
    expect(text).toContain(data.rules[0].name);
    expect(errors).toEqual([]);
  });

  it("may have any names on disk", async () => {
    const code =
      "#include <string.h>\n/* \u202e </script><script>hacked=1</script> */\nchar *next(char *s) { return strtok(s, 0); }\n";
    const folder = tree({
      "<img src=x onerror=hacked=1>.c": code,
      '"><script>hacked=1<!--/script>.c': code,
      "turn\u202ec.c": code,
      "two\nlines\u001b[31m.c": code,
    });
    const { stdout } = ungil(["--format", "html"], folder);
    expect(stdout).not.toMatch(HIDDEN);
    const { page, errors, requests } = await openReport(reportFile(stdout));
    expect((await texts(page, ".row.group .path-name")).sort()).toEqual(
      ["/script>.c".slice(1), "<img src=x onerror=hacked=1>.c", "turn\\u202ec.c", "two\\x0alines\\x1b[31m.c"].sort(),
    );
    await page.keyboard.press("j");
    expect(await everything(page)).toContain("\\u202e </script><script>hacked=1</script> */");
    await isClean(page);
    expect([errors, requests]).toEqual([[], []]);
  });
});

describe.skipIf(NO_BROWSER)(named("the policy of the page"), () => {
  it("keeps everything out that is not its own", async () => {
    const { page } = await openReport(reportFile(madeReport(sampleInput()).html));
    const tried = (await page.evaluate(`(async () => {
      const violations = [];
      document.addEventListener("securitypolicyviolation", (e) => violations.push(e.effectiveDirective));
      const attempt = (what) => { try { what(); } catch { violations.push("refused"); } };
      attempt(() => document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=hacked=1>"));
      attempt(() => { const s = document.createElement("script"); s.textContent = "hacked=1"; document.body.append(s); });
      attempt(() => document.body.setAttribute("onclick", "hacked=1"));
      document.body.click();
      const image = new Image(); image.src = "https://example.invalid/x.png";
      const sheet = document.createElement("style"); sheet.textContent = "body { display: none }"; document.body.append(sheet);
      await fetch("https://example.invalid/").catch(() => {});
      await new Promise((done) => setTimeout(done, 100));
      return { violations, hacked: typeof hacked, display: getComputedStyle(document.body).display };
    })()`)) as { violations: string[]; hacked: string; display: string };
    expect(tried.hacked).toBe("undefined");
    expect(tried.display).not.toBe("none");
    for (const what of ["refused", "img-src", "connect-src", "style-src-elem"])
      expect(tried.violations).toContain(what);
  });

  it("lets no script run that is not the one it was made with", async () => {
    const { html } = madeReport(sampleInput());
    const { page, errors } = await openReport(reportFile(html.replace(builtScript(), `${builtScript()};hacked=1`)));
    expect(errors.join()).toMatch(/Content Security Policy/);
    expect(await page.evaluate("typeof hacked")).toBe("undefined");
  });

  it("leaves the plain report where the script fails", async () => {
    const { html } = madeReport(sampleInput(), 'throw new Error("too old")');
    const { page } = await openReport(reportFile(html));
    expect(await page.evaluate("document.querySelector('#plain').getClientRects().length")).toBe(1);
    expect((await texts(page, "#plain h2"))[0]).toBe("Findings");
  });
});

describe.skipIf(NO_BROWSER)(named("five thousand findings"), () => {
  it("are opened, filtered and walked through without waiting", async () => {
    const { html } = largeReport(5000, 60);
    const file = reportFile(html);
    expect(statSync(file).size).toBeLessThan(10e6);
    const started = performance.now();
    const { page, errors } = await openReport(file);
    await settled(page);
    const opened = performance.now() - started;
    expect((await page.$$(".row")).length).toBeLessThan(80);
    expect(await texts(page, ".list-count")).toEqual(["5,000 findings"]);

    await page.focus("input.filter");
    const waits: number[] = [];
    for (const letter of "function_399 item") {
      const from = performance.now();
      await page.keyboard.type(letter);
      await settled(page);
      waits.push(performance.now() - from);
    }
    expect(await texts(page, ".list-count")).toEqual(["12 of 5,000 findings"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("End");
    await settled(page);
    const [id] = await page.$$eval("#list", ([list]) => [
      (list as unknown as { getAttribute(n: string): string }).getAttribute("aria-activedescendant"),
    ]);
    expect((await page.$$(`#${id}`)).length).toBe(1);
    const median = waits.sort((a, b) => a - b)[waits.length >> 1];
    // Far from what it takes, so that a busy machine does not matter.
    expect(median).toBeLessThan(400);
    expect(opened).toBeLessThan(10_000);
    expect(errors).toEqual([]);
    if (process.env.UNGIL_SHOW_TIMES) process.stdout.write(`opened in ${opened} ms, a letter takes ${median} ms\n`);
  });
});
