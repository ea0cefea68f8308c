/** The clipboard, as far as the browser lets a page have it. */

/** Puts `text` on the clipboard; false if the browser does not let it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Pages that are opened as files have no clipboard in some browsers. */
function copyBySelection(text: string): boolean {
  const box = document.createElement("textarea");
  const focused = document.activeElement;
  box.value = text;
  box.className = "off-screen";
  document.body.append(box);
  box.select();
  const isDone = document.execCommand("copy");
  box.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isDone;
}
