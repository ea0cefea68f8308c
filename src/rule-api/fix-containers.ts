/** Fixes of the rules about dicts, lists and sequences that are read or filled without a lock. */

import { dictLoop } from "../fix/sections/dict-loop.ts";
import { leavingMacro } from "../fix/sections/hazards.ts";
import { storeWithRelease } from "../fix/sections/item-store.ts";
import { sectionNeeds } from "../fix/sections/section-text.ts";
import { snapshot } from "../fix/sections/snapshot.ts";
import { callSpan } from "./borrowed.ts";
import { outputUses } from "./borrowed-uses.ts";
import { callsOf } from "./calls.ts";
import { functionOf, withheld } from "./fix-regions.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { fastSequences } from "./locking-sequences.ts";

const LOOP_RECIPE = [
  "hold `Py_BEGIN_CRITICAL_SECTION` on the dict around the whole loop, and leave it by its end",
  "or walk a snapshot: `PyDict_Items`, `PyDict_Copy`",
];

/** A section on the dict around the loop that walks it. */
export function fixDictIteration(request: FixRequest, context: FixingContext): FixAnswers {
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found, ...LOOP_RECIPE)];
  const { fn, source } = found;
  const call = callsOf(fn, new Set([request.symbol])).find((c) => callSpan(c.call).start === request.start);
  if (call === undefined) return [withheld("the call is not found again", ...LOOP_RECIPE)];
  if (call.call.via !== undefined) return [withheld("the call is in a macro", ...LOOP_RECIPE)];
  const uses = outputUses(fn.flow, call.point);
  const loop = dictLoop({ source, facts: fn.facts, flow: fn.flow, ...call, uses });
  if (typeof loop === "string") return [withheld(loop, ...LOOP_RECIPE)];
  const { edits, object, review } = loop;
  const leaving = leavingMacro(context.project, fn.id, edits);
  if (leaving !== undefined) return [withheld(leaving, ...LOOP_RECIPE)];
  return [
    {
      level: review.length === 0 ? "safe" : "review",
      title: `hold a critical section on \`${object}\` around the loop`,
      edits,
      needs: sectionNeeds([object]),
      review,
    },
  ];
}

/** A tuple (or list) of the items instead of the caller's own list. */
export function fixSequenceFast(request: FixRequest, context: FixingContext): FixAnswers {
  const recipe = [
    "take a snapshot with `PySequence_Tuple`",
    "or hold a critical section on the original sequence while items are read",
  ];
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found, ...recipe)];
  const { fn, source } = found;
  const sequence = fastSequences(fn).find((s) => callSpan(s.first).start === request.start);
  if (sequence?.made === undefined) return [withheld("the sequence is made by the caller of the function", ...recipe)];
  const made = snapshot(source, fn.flow, sequence.made);
  if (typeof made === "string") return [withheld(made, ...recipe)];
  return [
    {
      level: "review",
      title: `take a snapshot with \`${made.api}\``,
      edits: made.edits,
      needs: [],
      review: [
        "the items are copied each time, also those of a list",
        "for what is no sequence the error has the text of Python's own",
      ],
    },
  ];
}

/** The store that locks, checks and releases the old item. */
export function fixItemStore(request: FixRequest, context: FixingContext): FixAnswers {
  const recipe = [
    "make a new tuple (`PyTuple_Pack`, `PyTuple_FromArray`) instead of changing one that others may have",
  ];
  if (request.symbol !== "PyList_SET_ITEM") {
    return [withheld("what others may have must not be changed: a new object has to be made", ...recipe)];
  }
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found)];
  const { fn, source } = found;
  const call = callsOf(fn, new Set([request.symbol])).find((c) => callSpan(c.call).start === request.start);
  if (call === undefined || call.call.via !== undefined) return [withheld("the call is in a macro")];
  const edits = storeWithRelease(source, fn.facts, call.call);
  if (typeof edits === "string") return [withheld(edits)];
  return [
    {
      level: "review",
      title: "use `PyList_SetItem`",
      edits,
      needs: [],
      review: [
        "the old item is released now: nothing else may do that",
        "an index out of range is an error now, which nobody looks at",
      ],
    },
  ];
}
