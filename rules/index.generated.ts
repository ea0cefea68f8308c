// Written by `npm run generate` from the files in rules/; do not edit.
import type { AnyRule } from "../src/rule-api/define-rule.ts";
import borrowedCell from "./borrowed/borrowed-cell.ts";
import borrowedDictItem from "./borrowed/borrowed-dict-item.ts";
import borrowedListItem from "./borrowed/borrowed-list-item.ts";
import borrowedModule from "./borrowed/borrowed-module.ts";
import borrowedOther from "./borrowed/borrowed-other.ts";
import borrowedReturn from "./borrowed/borrowed-return.ts";
import borrowedWeakref from "./borrowed/borrowed-weakref.ts";
import globalContainer from "./globals/global-container.ts";
import globalMutable from "./globals/global-mutable.ts";
import globalObject from "./globals/global-object.ts";
import lazyStatic from "./globals/lazy-static.ts";
import staticType from "./globals/static-type.ts";
import unlockedDictIteration from "./locking/unlocked-dict-iteration.ts";
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
  borrowedCell,
  borrowedDictItem,
  borrowedListItem,
  borrowedModule,
  borrowedOther,
  borrowedReturn,
  borrowedWeakref,
  globalContainer,
  globalMutable,
  globalObject,
  lazyStatic,
  staticType,
  unlockedDictIteration,
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
  | "borrowed-cell"
  | "borrowed-dict-item"
  | "borrowed-list-item"
  | "borrowed-module"
  | "borrowed-other"
  | "borrowed-return"
  | "borrowed-weakref"
  | "global-container"
  | "global-mutable"
  | "global-object"
  | "lazy-static"
  | "static-type"
  | "unlocked-dict-iteration"
  | "unlocked-field-ref"
  | "unlocked-instance-state"
  | "framework-gil-undeclared"
  | "gil-call-missing"
  | "gil-declared-used"
  | "gil-slot-missing"
  | "gil-slot-unguarded"
  | "limited-api-conflict"
  | "module-state-global";
