// Written by `npm run generate` from the files in rules/; do not edit.
import type { AnyRule } from "../src/rule-api/define-rule.ts";
import unlockedFieldRef from "./locking/unlocked-field-ref.ts";
import unlockedInstanceState from "./locking/unlocked-instance-state.ts";
import frameworkGilUndeclared from "./module/framework-gil-undeclared.ts";
import gilCallMissing from "./module/gil-call-missing.ts";
import gilDeclaredUsed from "./module/gil-declared-used.ts";
import gilSlotMissing from "./module/gil-slot-missing.ts";
import gilSlotUnguarded from "./module/gil-slot-unguarded.ts";
import limitedApiConflict from "./module/limited-api-conflict.ts";
import moduleStateGlobal from "./module/module-state-global.ts";

export const registry: readonly AnyRule[] = [
  unlockedFieldRef,
  unlockedInstanceState,
  frameworkGilUndeclared,
  gilCallMissing,
  gilDeclaredUsed,
  gilSlotMissing,
  gilSlotUnguarded,
  limitedApiConflict,
  moduleStateGlobal,
];

export type RuleName =
  | "unlocked-field-ref"
  | "unlocked-instance-state"
  | "framework-gil-undeclared"
  | "gil-call-missing"
  | "gil-declared-used"
  | "gil-slot-missing"
  | "gil-slot-unguarded"
  | "limited-api-conflict"
  | "module-state-global";
