/** Between `<!-- file NAME -->` and `<!-- /file -->` a page shows a file beside it. */
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";

const BLOCK = /(<!-- file (\S+) -->\n)[\s\S]*?(<!-- \/file -->)/g;
const LANGUAGES: Readonly<Record<string, string>> = { ".yml": "yaml", ".yaml": "yaml" };

/** `page` with every block filled; names are relative to `folder`. @throws Error for a file that is not there. */
export function withFiles(page: string, folder: string): string {
  return page.replace(BLOCK, (_, open: string, name: string, close: string) => {
    const language = LANGUAGES[extname(name)] ?? (name.endsWith("Makefile") ? "make" : "groovy");
    return `${open}\`\`\`${language}\n${readFileSync(join(folder, name), "utf8").trimEnd()}\n\`\`\`\n${close}`;
  });
}
