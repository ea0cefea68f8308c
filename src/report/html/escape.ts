/** Audited text on its way into a page. */
import { visible } from "../hidden-characters.ts";

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for the content of an element or a quoted attribute, hidden characters written out. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (c) => ENTITIES[c]);
}

/** JSON for the content of a `<script>`: no HTML parser finds an end or a comment in it, and no hidden character is left in it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
