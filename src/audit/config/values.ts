/** The content of a configuration file, as its schema (schema/ungil-config-1.schema.json) describes it. */
import type { Compat, ProposalLevel } from "../../fix/types.ts";
import type { Risk } from "../../rule-api/types.ts";

export interface ConfigValues {
  target?: string;
  "min-python"?: string;
  select?: string[];
  ignore?: string[];
  include?: string[];
  exclude?: string[];
  "fail-on"?: Risk | "none";
  risk?: Risk;
  baseline?: string;
  fix?: FixValues;
  "not-shared-types"?: string[];
  "lock-functions"?: { lock: string; unlock: string; argument?: number }[];
  "borrowed-functions"?: { name: string; container?: number; kind?: "list" | "dict" | "other" }[];
  "not-thread-safe"?: string[];
  "entry-points"?: { function: string; self?: number }[];
}

export interface FixValues {
  level?: ProposalLevel;
  compat?: Compat;
  "compat-header"?: string;
  check?: string;
}
