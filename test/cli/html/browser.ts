/** A headless Chromium with an HTML report in it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type HTTPRequest, type Page } from "puppeteer-core";
import { afterAll } from "vitest";
import { temporaryFolder } from "../ungil.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Path of a Chromium; undefined if the machine has none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter);
  const candidates = [
    env.CHROME_PATH,
    env.PUPPETEER_EXECUTABLE_PATH,
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

const chromium = findChromium();
/** For `describe.skipIf`, with the reason in the name of the block. */
export const NO_BROWSER = chromium === undefined;
export const named = (name: string) => (NO_BROWSER ? `${name} (skipped: no Chromium, set CHROME_PATH)` : name);

let browser: Promise<Browser> | undefined;

afterAll(async () => (await browser)?.close());

export interface Opened {
  page: Page;
  /** What went wrong in the page, and what the policy kept from happening. */
  errors: string[];
  /** Requests other than the one for the file itself. */
  requests: string[];
}

export interface Look {
  /** Fragment of the address, with its `#`. */
  hash?: string;
  width?: number;
  height?: number;
  scheme?: "light" | "dark";
  scripts?: boolean;
}

/** Puts a report into a file that `openReport` takes. */
export function reportFile(html: string): string {
  const file = join(temporaryFolder(), "report.html");
  writeFileSync(file, html);
  return file;
}

/** Opens the report in `file` as a reader would, without a server. */
export async function openReport(
  file: string,
  { hash = "", width = 1280, height = 800, scheme = "light", scripts = true }: Look = {},
): Promise<Opened> {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  browser ??= puppeteer.launch({ executablePath: chromium, args });
  const page = await (await browser).newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  const url = `${pathToFileURL(file).href}${hash}`;
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warn") errors.push(message.text());
  });
  page.on("request", (request: HTTPRequest) => {
    if (!request.isNavigationRequest()) requests.push(request.url());
  });
  page.on("dialog", (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.setJavaScriptEnabled(scripts);
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(url);
  return { page, errors, requests };
}

/** What the tests need of elements: they are typed without a document. */
export interface ElementLike {
  textContent: string;
  className: string;
  value: string;
  getAttribute(name: string): string | null;
}

/** Waits until the page has drawn what it was told. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

/** Texts of all elements that `selector` finds, white space made one blank. */
export async function texts(page: Page, selector: string): Promise<string[]> {
  await settled(page);
  return page.$$eval(selector, (elements) =>
    (elements as unknown as ElementLike[]).map((e) => e.textContent.replace(/\s+/g, " ").trim()),
  );
}

/** An attribute of all elements that `selector` finds. */
export async function attributes(page: Page, selector: string, name: string): Promise<(string | null)[]> {
  await settled(page);
  return page.$$eval(
    selector,
    (elements, wanted) => (elements as unknown as ElementLike[]).map((e) => e.getAttribute(wanted)),
    name,
  );
}

const require = createRequire(import.meta.url);

/** What axe has against the page as it is, one line each. */
export async function complaints(page: Page): Promise<string[]> {
  // The policy of the page keeps scripts out that are added to it, but not what the debugger evaluates.
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const { violations } = found as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.html.slice(0, 200)} ${n.failureSummary}`));
}
