// Written by `npm run generate` from the files in rules/; do not edit.
import type { AnyRule } from "../src/rule-api/define-rule.ts";
import { examples } from "./examples.generated.ts";
import borrowedAcrossCall from "./borrowed/borrowed-across-call.ts";
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
import nonReentrantCall from "./globals/non-reentrant-call.ts";
import staticType from "./globals/static-type.ts";
import checkThenAct from "./locking/check-then-act.ts";
import lockLeak from "./locking/lock-leak.ts";
import lockOrder from "./locking/lock-order.ts";
import objectInternals from "./locking/object-internals.ts";
import refcountUniqueness from "./locking/refcount-uniqueness.ts";
import sectionEscape from "./locking/section-escape.ts";
import sectionNested from "./locking/section-nested.ts";
import sectionUnbalanced from "./locking/section-unbalanced.ts";
import unlockedDictIteration from "./locking/unlocked-dict-iteration.ts";
import unlockedFieldRef from "./locking/unlocked-field-ref.ts";
import unlockedInstanceState from "./locking/unlocked-instance-state.ts";
import unlockedItemStore from "./locking/unlocked-item-store.ts";
import unlockedSequenceFast from "./locking/unlocked-sequence-fast.ts";
import allocWhileDetached from "./memory/alloc-while-detached.ts";
import legacyAllocator from "./memory/legacy-allocator.ts";
import mismatchedFree from "./memory/mismatched-free.ts";
import objectDomainBuffer from "./memory/object-domain-buffer.ts";
import objectOutsideDomain from "./memory/object-outside-domain.ts";
import frameworkGilUndeclared from "./module/framework-gil-undeclared.ts";
import gilCallMissing from "./module/gil-call-missing.ts";
import gilDeclaredUsed from "./module/gil-declared-used.ts";
import gilSlotMissing from "./module/gil-slot-missing.ts";
import gilSlotUnguarded from "./module/gil-slot-unguarded.ts";
import limitedApiConflict from "./module/limited-api-conflict.ts";
import moduleStateGlobal from "./module/module-state-global.ts";
import apiWhileDetached from "./thread-state/api-while-detached.ts";
import blockingWhileAttached from "./thread-state/blocking-while-attached.ts";
import cachedThreadState from "./thread-state/cached-thread-state.ts";
import detachedEscape from "./thread-state/detached-escape.ts";
import foreignFrame from "./thread-state/foreign-frame.ts";
import gilAsLock from "./thread-state/gil-as-lock.ts";

const rules: readonly AnyRule[] = [
  borrowedAcrossCall,
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
  nonReentrantCall,
  staticType,
  checkThenAct,
  lockLeak,
  lockOrder,
  objectInternals,
  refcountUniqueness,
  sectionEscape,
  sectionNested,
  sectionUnbalanced,
  unlockedDictIteration,
  unlockedFieldRef,
  unlockedInstanceState,
  unlockedItemStore,
  unlockedSequenceFast,
  allocWhileDetached,
  legacyAllocator,
  mismatchedFree,
  objectDomainBuffer,
  objectOutsideDomain,
  frameworkGilUndeclared,
  gilCallMissing,
  gilDeclaredUsed,
  gilSlotMissing,
  gilSlotUnguarded,
  limitedApiConflict,
  moduleStateGlobal,
  apiWhileDetached,
  blockingWhileAttached,
  cachedThreadState,
  detachedEscape,
  foreignFrame,
  gilAsLock,
];

export const registry: readonly AnyRule[] = rules.map((rule) => ({ ...rule, example: examples[rule.name] }));

export type RuleName =
  | "borrowed-across-call"
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
  | "non-reentrant-call"
  | "static-type"
  | "check-then-act"
  | "lock-leak"
  | "lock-order"
  | "object-internals"
  | "refcount-uniqueness"
  | "section-escape"
  | "section-nested"
  | "section-unbalanced"
  | "unlocked-dict-iteration"
  | "unlocked-field-ref"
  | "unlocked-instance-state"
  | "unlocked-item-store"
  | "unlocked-sequence-fast"
  | "alloc-while-detached"
  | "legacy-allocator"
  | "mismatched-free"
  | "object-domain-buffer"
  | "object-outside-domain"
  | "framework-gil-undeclared"
  | "gil-call-missing"
  | "gil-declared-used"
  | "gil-slot-missing"
  | "gil-slot-unguarded"
  | "limited-api-conflict"
  | "module-state-global"
  | "api-while-detached"
  | "blocking-while-attached"
  | "cached-thread-state"
  | "detached-escape"
  | "foreign-frame"
  | "gil-as-lock";
