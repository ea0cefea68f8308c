/** Names of files that belong to targets. */
import { sha } from "../content-hash.ts";

const MAX_LENGTH = 100;

/** The name of the file for the report on the target called `name`. Names may hold anything, and file systems may ignore case. */
export function reportFileName(name: string): string {
  const plain = name
    .replace(/[^\w.+-]/g, "_")
    .replace(/^\./, "_")
    .slice(0, MAX_LENGTH);
  return `${plain === name && name === name.toLowerCase() ? name : `${plain}-${sha(name).slice(0, 8)}`}.json`;
}
