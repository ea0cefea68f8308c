/** Which functions and variables of the samples stand on the page of a rule. */
import type { RuleName } from "../../rules/index.generated.ts";

export interface Choice {
  /** A file below `samples/rules/<rule>/`. */
  file: string;
  /** Functions and variables in it, at least one of them with a finding. */
  found: readonly string[];
  /** What is right, in the same file; only where nothing is fixed. */
  good?: readonly string[];
}

/** The lines around the finding, up to blank ones: where nothing that has a name holds it. */
export const PARAGRAPH = "paragraph";

const one = (file: string, found: string, good?: string): Choice => ({
  file,
  found: [found],
  ...(good === undefined ? {} : { good: [good] }),
});

export const CHOICES: Record<RuleName, Choice> = {
  "alloc-while-detached": one("regions.c", "fill_bad"),
  "api-while-detached": one("regions.c", "reader_lines_bad", "reader_call_ok"),
  "blocking-while-attached": one("guards.cpp", "guard_bad", "try_ok"),
  "borrowed-across-call": one("calls.c", "keyword_removed_bad", "fetched_again_ok"),
  "borrowed-cell": one("cells.c", "contents_bad"),
  "borrowed-dict-item": one("shared.c", "registry_get_bad"),
  "borrowed-list-item": one("shared.c", "queue_last_bad"),
  "borrowed-module": one("modules.c", "run_in_main_bad"),
  "borrowed-other": one("interpreter.c", "encoding_bad"),
  "borrowed-return": one("getters.c", "frame_column_bad", "frame_column_ok"),
  "borrowed-weakref": one("observers.c", "observer_owner_bad"),
  "cached-thread-state": one("states.c", "sample_before_wait_bad", "local_ok"),
  "check-then-act": one("pairs.c", "store_get_bad"),
  "detached-escape": one("regions.c", "saved_bad"),
  "foreign-frame": one("frames.c", "all_frames_bad", "own_frame_ok"),
  "framework-gil-undeclared": one("bad-pybind11.cpp", PARAGRAPH),
  "gil-as-lock": one("calls.c", "sample_enter_bad", "sample_deliver_ok"),
  "gil-call-missing": one("bad-plain.c", "PyInit_plain"),
  "gil-declared-used": one("bad-call.c", "PyInit_call"),
  "gil-slot-missing": one("bad-exec-only.c", "slots"),
  "gil-slot-unguarded": one("bad-slot.c", "slots"),
  "global-container": {
    file: "caches.c",
    found: ["seen", "first_time_bad"],
    good: ["guarded", "guarded_lock", "mutex_ok"],
  },
  "global-mutable": { file: "state.c", found: ["calls", "call_bad"] },
  "global-object": { file: "objects.c", found: ["last_error", "forget_bad"] },
  "lazy-static": one("first-use.c", "empty_bad"),
  "legacy-allocator": one("names.c", "deleted_bad"),
  "limited-api-conflict": one("bad-define.c", PARAGRAPH),
  "lock-leak": one("paths.c", "cell_set_bad"),
  "lock-order": one("orders.c", "resize_all_bad", "both_ok"),
  "mismatched-free": one("choices.c", "sample_close_bad"),
  "module-state-global": { file: "bad-designated.c", found: ["definition", "PyInit_designated"] },
  "non-reentrant-call": one("calls.c", "local_bad"),
  "object-domain-buffer": one("buffers.c", "workspace_init_bad"),
  "object-internals": one("counts.c", "count_bad"),
  "object-outside-domain": one("objects.c", "cell_allocate_bad", "init_ok"),
  "refcount-uniqueness": one("tests.c", "is_temporary"),
  "section-escape": one("exits.c", "gauge_none_bad"),
  "section-nested": one("sections.c", "purse_move_bad"),
  "section-unbalanced": one("macros.c", "meter_two_bad", "meter_ok"),
  "static-type": { file: "types.c", found: ["Designated_Type"], good: ["heap_slots", "heap_spec", "make_ok"] },
  "unlocked-dict-iteration": one("loops.c", "namespace_bad"),
  "unlocked-field-ref": one("getters.c", "button_get_label_bad"),
  "unlocked-instance-state": one("counters.c", "counter_add_bad"),
  "unlocked-item-store": one("stores.c", "board_put_bad"),
  "unlocked-sequence-fast": one("sequences.c", "model_apply_bad"),
};
