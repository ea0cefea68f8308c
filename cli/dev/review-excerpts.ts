/**
 * Text screenshots of the review screen. Between `<!-- review NAME -->` and `<!-- /review -->` stands what the screen shows of
 * `samples/demo` after the keys of that name.
 */
import { join } from "node:path";
import { defaultOptions } from "../../src/audit/options.ts";
import { ReviewSession } from "../../src/audit/review/review-session.ts";
import type { AnyRule } from "../../src/rule-api/define-rule.ts";
import { Controller } from "../tui/session/controller.ts";
import { Painter } from "../tui/session/painter.ts";
import { Terminal } from "../tui/session/terminal.ts";
import { TriageStore } from "../tui/session/triage-store.ts";
import { screenLines } from "../tui/view/screen-lines.ts";

const BLOCK = /(<!-- review (\S+) -->\n)[\s\S]*?(<!-- \/review -->)/g;
const SIZE = { columns: 100, rows: 24 };

/** Keys as the bindings name them; longer words are typed in one piece. */
const SCREENS: Readonly<Record<string, readonly string[]>> = {
  list: ["down", "down"],
  fix: ["/", "rule:borrowed-dict-item", "return", "G", "3"],
  dashboard: ["b"],
};

/** `text` with every block filled. @throws Error for a name that there is not. */
export async function withReviewScreens(text: string, root: string, registry: readonly AnyRule[]): Promise<string> {
  const names = [...text.matchAll(BLOCK)].map(([, , name]) => name);
  if (names.length === 0) return text;
  const options = { ...defaultOptions(), cwd: join(root, "samples/demo"), cache: false, jobs: 1 };
  const session = await ReviewSession.open(options, {}, { registry });
  const screens = new Map<string, string>();
  for (const name of names) screens.set(name, await screenOf(name, session, registry));
  return text.replace(BLOCK, (_, open: string, name: string, close: string) => {
    return `${open}\`\`\`text\n${screens.get(name)}\n\`\`\`\n${close}`;
  });
}

async function screenOf(name: string, session: ReviewSession, registry: readonly AnyRule[]): Promise<string> {
  const keys = SCREENS[name];
  if (keys === undefined) throw new Error(`there is no screen "${name}"`);
  const controller = new Controller({
    open: async () => session,
    // Nobody decides anything here: there is no such file, and none is written.
    triage: new TriageStore(join(session.root, "no-triage")),
    terminal: new Terminal(process.stdin, process.stdout, new Painter(process.stdout)),
    quit: () => {},
    initial: { size: SIZE },
    env: {},
  });
  await controller.start();
  controller.stop();
  for (const key of keys) {
    const isText = key.includes("-");
    controller.store.dispatch(isText ? { type: "text", text: key } : { type: "key", command: key });
    await controller.idle();
  }
  const rules = new Map(registry.map((r) => [r.name, r]));
  const lines = screenLines(controller.store.state(), {
    read: (file) => controller.read(file),
    ruleNamed: (rule) => rules.get(rule),
  });
  return lines
    .map((line) =>
      line
        .map((segment) => segment.text)
        .join("")
        .trimEnd(),
    )
    .join("\n")
    .trimEnd();
}
