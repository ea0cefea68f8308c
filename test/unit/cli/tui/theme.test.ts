import { describe, expect, it } from "vitest";
import { guessTheme, themeNamed } from "../../../../cli/tui/view/theme.ts";

describe("themes", () => {
  it.each([
    [{}, "dark"],
    [{ COLORFGBG: "15;0" }, "dark"],
    [{ COLORFGBG: "0;15" }, "light"],
    [{ COLORFGBG: "0;default;7" }, "light"],
    [{ COLORFGBG: "0;15", NO_COLOR: "1" }, "none"],
    [{ NO_COLOR: "" }, "dark"],
    [{ TERM: "dumb" }, "none"],
  ] as const)("for %j: %s", (env, name) => {
    expect(guessTheme(env)).toBe(name);
  });

  it("have no colour where none is wanted", () => {
    for (const style of Object.values(themeNamed("none"))) expect(style.color).toBeUndefined();
  });

  it("keep what vanishes on white out of the light one", () => {
    for (const { color } of Object.values(themeNamed("light"))) expect(color ?? "").not.toMatch(/yellow|white|Bright/);
  });
});
