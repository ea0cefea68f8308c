/** Ink, drawing into a painter. */
import { render } from "ink";
import { App, type Store } from "../view/app.tsx";
import type { DetailContext } from "../view/detail-lines.ts";
import type { ThemeName } from "../view/theme.ts";
import type { Painter } from "./painter.ts";

export interface Drawn {
  end(): void;
  ended: Promise<unknown>;
}

/** Draws the store's state until it is ended. */
export function draw(store: Store, context: DetailContext, theme: ThemeName, painter: Painter): Drawn {
  const screen = render(<App store={store} context={context} theme={theme} />, {
    stdout: painter as unknown as NodeJS.WriteStream,
    exitOnCtrlC: false,
    patchConsole: false,
    // Whole frames, also where the environment says CI: what is sent of them, the painter decides.
    debug: true,
  });
  return { end: () => screen.unmount(), ended: screen.waitUntilExit() };
}
