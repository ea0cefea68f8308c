/** The colours that a reader chose; the choice is kept where the browser lets a page keep something. */

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** The page's first script reads it, too. */
const KEY = "ungil-theme";

export function currentTheme(): Theme {
  return THEMES.find((t) => t === document.documentElement.dataset.theme) ?? "system";
}

export function setTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // It lasts as long as the page does.
  }
}
