/** A small review to look at: findings of all risks and states, hostile names, wide characters. */
import { initialState, reduce } from "../../cli/tui/model/reducer.ts";
import type { Effect, FixPreview, Item, ReviewState, Step } from "../../cli/tui/model/types.ts";
import type { DetailContext } from "../../cli/tui/view/detail-lines.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import type { Family, Finding, Risk } from "../../src/rule-api/types.ts";
import { LineMap } from "../../src/text/lines.ts";

export const POOL = `#include <Python.h>

typedef struct {
\tPyObject_HEAD
\tPyObject *items;      /* a list: 名前, émigré, 🎉 done */
\tPy_ssize_t used;
} PoolObject;

static PyObject *last = NULL;

static PyObject *
pool_get(PoolObject *self, PyObject *index)
{
\tPy_ssize_t i = PyLong_AsSsize_t(index);
\tif (i == -1 && PyErr_Occurred())
\t\treturn NULL;
\tPyObject *item = PyList_GetItem(self->items, i);\t/* 漢字 🎉 */
\tif (item == NULL)
\t\treturn NULL;
\tself->used += 1;
\tPy_XSETREF(last, Py_NewRef(item));
\treturn Py_NewRef(item);
}
`;

export const UTIL = `#include "pool.h"

void
pool_clear(PoolObject *self)
{
    PyList_SetSlice(self->items, 0, PY_SSIZE_T_MAX, NULL);
}
`;

/** A name that would take the terminal over if it were printed. */
export const HOSTILE = "src/\u001b[2J\u202eevil\u0007 名前.c";

const TEXTS: Record<string, string> = {
  "src/pool.c": POOL,
  "src/util.c": UTIL,
  [HOSTILE]: "int x;\u001b]0;owned\u0007\n",
};

interface Sketch {
  file: string;
  text?: string;
  rule: string;
  family: Family;
  risk: Risk;
  at: string;
  message: string;
  symbol: string;
  evidence?: { file: string; at: string; text: string }[];
  fix?: Finding["fix"];
  module?: string;
}

let count = 0;

/** A finding at the first place of `at` in its file. */
export function finding(sketch: Sketch): Finding {
  const { file, rule, family, risk, message, symbol, fix = null, module = "_pool" } = sketch;
  const place = placeIn(file, sketch.at);
  const evidence = (sketch.evidence ?? []).map((e) => ({ ...placeIn(e.file, e.at), text: e.text }));
  const fingerprint = (++count).toString(16).padStart(32, "0");
  return { rule, family, risk, ...place, function: "pool_get", symbol, message, evidence, fix, fingerprint, module };
}

function placeIn(file: string, at: string) {
  const text = TEXTS[file];
  const start = text.indexOf(at);
  if (start < 0) throw new Error(`${file} has no "${at}"`);
  const lines = LineMap.of(text);
  const line = lines.lineOf(start);
  const column = start - lines.startOf(line) + 1;
  return { file, start, end: start + at.length, line, column, endLine: line, endColumn: column + at.length };
}

/** The same findings each time. */
export function sampleItems(): Item[] {
  count = 0;
  const borrowed = finding({
    file: "src/pool.c",
    rule: "borrowed-list-item",
    family: "borrowed",
    risk: "high",
    at: "PyList_GetItem",
    message: "`PyList_GetItem` lends an item of the field `items` of `PoolObject`: another thread can remove it",
    symbol: "PyList_GetItem",
    evidence: [
      { file: "src/pool.c", at: "PyObject *items", text: "the list is a field of the object" },
      { file: "src/util.c", at: "PyList_SetSlice", text: "`pool_clear` removes items without a lock" },
      { file: "src/pool.c", at: "return Py_NewRef(item)", text: "the item is used here" },
    ],
    fix: { level: "safe", title: "Use PyList_GetItemRef", replacement: "PyList_GetItemRef" },
  });
  const field = finding({
    file: "src/pool.c",
    rule: "unlocked-instance-state",
    family: "locking",
    risk: "medium",
    at: "self->used += 1",
    message: "the field `used` of `PoolObject` is written without a lock",
    symbol: "used",
    fix: { level: "review", title: "Lock the object while the field is used" },
  });
  const global = finding({
    file: "src/pool.c",
    rule: "global-object",
    family: "globals",
    risk: "high",
    at: "last = NULL",
    message: "the static object `last` is replaced by threads at the same time",
    symbol: "last",
    fix: { level: "manual", title: "Keep it in the state of the module" },
  });
  const slice = finding({
    file: "src/util.c",
    rule: "unlocked-instance-state",
    family: "locking",
    risk: "low",
    at: "self->items",
    message: "the field `items` is used without a lock",
    symbol: "items",
  });
  const hostile = finding({
    file: HOSTILE,
    rule: "global-mutable",
    family: "globals",
    risk: "info",
    at: "x",
    message: "a name with a\u001b[31mcolour\u001b[0m and a line\u2028break",
    symbol: "x\u0000\u009b1m",
    module: "\u001b]0;owned\u0007mod",
  });
  const done = finding({
    file: "src/util.c",
    rule: "borrowed-list-item",
    family: "borrowed",
    risk: "high",
    at: "pool_clear",
    message: "was lent",
    symbol: "PyList_GET_ITEM",
  });
  return [
    { finding: borrowed, state: "open", triage: { assignee: "ana", note: "ask upstream: 名前" } },
    { finding: field, state: "open" },
    { finding: global, state: "open" },
    {
      finding: slice,
      state: "suppressed",
      triage: { state: "suppressed", reason: "only at exit", assignee: "bo\u001b[2J" },
    },
    { finding: hostile, state: "false-positive", triage: { state: "false-positive", reason: "a test" } },
    { finding: done, state: "fixed" },
  ];
}

export function previewsOf(item: Item): FixPreview[] {
  const after = POOL.replace("PyList_GetItem(self->items, i);", "PyList_GetItemRef(self->items, i);").replace(
    "\treturn Py_NewRef(item);",
    "\treturn item;",
  );
  const locked = POOL.replace(
    "\tself->used += 1;",
    "\tPy_BEGIN_CRITICAL_SECTION(self);\n\tself->used += 1;\n\tPy_END_CRITICAL_SECTION();",
  );
  switch (item.finding.fix?.level) {
    case "safe":
      return [
        preview("safe", "Use PyList_GetItemRef", after),
        preview("review", "Hold the lock of the object over the whole function", locked, [
          "callers may hold it already",
        ]),
      ];
    case "review":
      return [preview("review", "Lock the object while the field is used", locked, ["readers elsewhere need it, too"])];
    case "manual":
      return [
        {
          level: "manual",
          title: "Keep it in the state of the module",
          notes: ["the module has no state yet"],
          recipe: ["Add a struct for the state.", "Move `last` into it."],
          files: [],
        },
      ];
    default:
      return [];
  }
}

function preview(level: "safe" | "review", title: string, after: string, notes: string[] = []): FixPreview {
  return { level, title, notes, recipe: [], files: [{ file: "src/pool.c", before: POOL, after }] };
}

/** A rule of the samples' own, so that frames do not change with the words of a real one. */
const RULE = defineRule({
  name: "borrowed-list-item",
  family: "borrowed",
  risks: ["high", "low"],
  summary: "Item of a list that another thread may change",
  docs: {
    finds: "Results of `PyList_GetItem` that are used\nwhere the list may be known\nto another thread.",
    breaks: "Another thread can remove the item.",
    notReported: "Lists that the function has just made.",
    fixing:
      "Take a reference:\n\n    PyObject *item = PyList_GetItemRef(list, i);\n    if (item == NULL)\n        return NULL;",
    references: [
      "PEP 703",
      "Borrowed references, in a title that is so long that it needs a second line on most terminals",
    ],
  },
  messages: { lent: "lent" },
  needs: [],
});

export const context: DetailContext = {
  read: (file) => TEXTS[file],
  ruleNamed: (name) => (name === RULE.name ? RULE : undefined),
};

/** A review after the scan. */
export function scannedState(setup: Partial<ReviewState> = {}, items: Item[] = sampleItems()): ReviewState {
  return reduce(initialState(setup), { type: "scanned", items, root: "/project" }).state;
}

/** The state after some keys, and what they asked for; previews come at once. */
export function pressed(state: ReviewState, ...keys: string[]): { state: ReviewState; effects: Effect[] } {
  const effects: Effect[] = [];
  for (const key of keys) {
    const step = reduce(state, { type: "key", command: key });
    state = step.state;
    effects.push(...step.effects);
    state = answered(step);
  }
  return { state, effects };
}

/** The state when the previews that a step asked for have come. */
export function answered({ state, effects }: Step): ReviewState {
  let next = state;
  for (const effect of effects) {
    if (effect.type !== "preview") continue;
    const { fingerprint } = effect;
    const item = state.items.find((i) => i.finding.fingerprint === fingerprint)!;
    next = reduce(next, { type: "previews", fingerprint, previews: previewsOf(item) }).state;
  }
  return next;
}
