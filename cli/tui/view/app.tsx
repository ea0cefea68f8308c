/** The review screen in the terminal: prints lines, hands keys to the store. */
import { Box, Text, useInput, useStdout } from "ink";
import { memo, useEffect, useSyncExternalStore } from "react";
import { keyName } from "../keys/bindings.ts";
import type { Action, ReviewState } from "../model/types.ts";
import type { DetailContext } from "./detail-lines.ts";
import type { Line } from "./lines.ts";
import { frameOf } from "./screen-lines.ts";
import { type Theme, type ThemeName, themeNamed } from "./theme.ts";

export interface Store {
  state(): ReviewState;
  dispatch(action: Action): void;
  subscribe(listener: () => void): () => void;
}

export function App({ store, context, theme }: { store: Store; context: DetailContext; theme: ThemeName }) {
  const state = useSyncExternalStore(store.subscribe, store.state);
  const { stdout } = useStdout();
  useEffect(() => {
    const onResize = () => store.dispatch({ type: "resize", columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
    onResize();
    stdout.on("resize", onResize);
    return () => {
      stdout.off("resize", onResize);
    };
  }, [store, stdout]);
  useInput((input, key) => {
    const name = keyName(input, key);
    if ([...name].length > 1 && name === input) store.dispatch({ type: "text", text: input });
    else store.dispatch({ type: "key", command: name });
  });
  const colors = themeNamed(theme);
  const { lines, scroll } = frameOf(state, context);
  const top = state.screens[state.screens.length - 1];
  const wanted = "scroll" in top ? top.scroll : top.kind === "list" ? state.scroll : undefined;
  useEffect(() => {
    if (wanted !== undefined && scroll !== wanted) store.dispatch({ type: "scroll-end", scroll });
  }, [store, scroll, wanted]);
  return (
    <Box flexDirection="column">
      {lines.map((line, i) => (
        <Row key={i} line={line} theme={colors} />
      ))}
    </Box>
  );
}

const Row = memo(
  function Row({ line, theme }: { line: Line; theme: Theme }) {
    return (
      <Text wrap="truncate">
        {line.map((segment, i) => (
          <Text key={i} {...theme[segment.tone]} inverse={segment.inverse === true}>
            {segment.text}
          </Text>
        ))}
      </Text>
    );
  },
  (a, b) => a.theme === b.theme && sameLine(a.line, b.line),
);

function sameLine(a: Line, b: Line): boolean {
  return (
    a.length === b.length &&
    a.every((s, i) => s.text === b[i].text && s.tone === b[i].tone && s.inverse === b[i].inverse)
  );
}
