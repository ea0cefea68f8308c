/** The pages of the documentation, as a reader of the project sees them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fg from "fast-glob";
import GithubSlugger from "github-slugger";
import { lexer, type Token, type Tokens, walkTokens } from "marked";

const root = join(import.meta.dirname, "../..");

export interface Page {
  /** Path below the root of the project. */
  file: string;
  text: string;
  /** Where links go, images included, as written. */
  links: string[];
  /** Names that a link to the page may have after its `#`. */
  anchors: Set<string>;
  code: Tokens.Code[];
  /** Inline code. */
  spans: string[];
}

export const pages: readonly Page[] = fg
  .sync(["README.md", "docs/**/*.md"], { cwd: root })
  .sort()
  .map((file) => pageOf(file, readFileSync(join(root, file), "utf8")));

function pageOf(file: string, text: string): Page {
  const page: Page = { file, text, links: [], anchors: new Set(), code: [], spans: [] };
  const slugger = new GithubSlugger();
  walkTokens(lexer(text), (token) => {
    if (token.type === "link" || token.type === "image") page.links.push(token.href);
    else if (token.type === "heading") page.anchors.add(slugger.slug(plain(token.tokens ?? [])));
    else if (token.type === "code") page.code.push(token as Tokens.Code);
    else if (token.type === "codespan") page.spans.push(token.text);
  });
  return page;
}

/** The text of a heading without its markup. */
function plain(tokens: readonly Token[]): string {
  return tokens.map((t) => ("tokens" in t && t.tokens ? plain(t.tokens) : "text" in t ? t.text : "")).join("");
}
