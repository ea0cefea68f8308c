/** A button that puts a text on the clipboard and says that it did. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { copyText } from "./clipboard.ts";

/** Milliseconds for which the button says so. */
const SAID = 1500;

export function CopyButton({ text, children }: { text: string | (() => string); children: ComponentChildren }) {
  const [said, say] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => say(""), SAID);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const isDone = await copyText(typeof text === "string" ? text : text());
    say(isDone ? "Copied" : "The browser did not let it");
  };
  return (
    <button type="button" class="small" onClick={copy}>
      <span class={said === "" ? "" : "transparent"}>{children}</span>
      <span class="said" role="status">
        {said}
      </span>
    </button>
  );
}
