/** The head of the page. */
import type { PageData } from "../../page-data.ts";
import type { Pane } from "../model/state.ts";
import type { Theme } from "../model/theme.ts";
import { Text } from "./text.tsx";

interface Props {
  data: PageData;
  isOverview: boolean;
  theme: Theme;
  onPane(pane: Pane): void;
  onTheme(): void;
  onHelp(): void;
}

export function Header({ data, isOverview, theme, onPane, onTheme, onHelp }: Props) {
  return (
    <header class="top">
      <button type="button" class="skip" onClick={() => document.getElementById("list")?.focus()}>
        Skip to the findings
      </button>
      <h1>
        <span class="brand">ungil</span> <Text text={data.project} />
      </h1>
      <span class="top-note muted">free-threaded CPython {data.target}</span>
      <nav class="top-nav" aria-label="Views">
        <button type="button" aria-pressed={!isOverview} onClick={() => onPane("list")}>
          Findings
        </button>
        <button type="button" aria-pressed={isOverview} onClick={() => onPane("overview")}>
          Overview
        </button>
      </nav>
      <div class="top-tools">
        <button
          type="button"
          class="tool"
          aria-label={`Colours: ${theme}`}
          title={`Colours: ${theme} (t)`}
          onClick={onTheme}
        >
          <ThemeIcon theme={theme} />
        </button>
        <button type="button" class="tool" aria-label="Keys and filters" title="Keys and filters (?)" onClick={onHelp}>
          ?
        </button>
      </div>
    </header>
  );
}

function ThemeIcon({ theme }: { theme: Theme }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {theme === "system" && (
        <>
          <circle cx="8" cy="8" r="6" class="icon-line" />
          <path d="M8 2a6 6 0 0 0 0 12z" class="icon-full" />
        </>
      )}
      {theme === "light" && (
        <g class="icon-line">
          <circle cx="8" cy="8" r="3" />
          <path d="M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.5 1.5M11.5 11.5 13 13M13 3l-1.5 1.5M4.5 11.5 3 13" />
        </g>
      )}
      {theme === "dark" && <path d="M13.5 10A6 6 0 0 1 6 2.5a6 6 0 1 0 7.5 7.5z" class="icon-full" />}
    </svg>
  );
}
