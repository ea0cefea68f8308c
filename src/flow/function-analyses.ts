/** All analyses of one function, each computed when it is first asked for. */
import { buildCfg, type Cfg } from "../ir/cfg.ts";
import type { FunctionIr } from "../ir/types.ts";
import { AccessPaths } from "./access-path.ts";
import { DefUse } from "./def-use.ts";
import { EMPTY_ENVIRONMENT, type FlowEnvironment } from "./environment.ts";
import { Freshness } from "./freshness.ts";
import { Locks } from "./locks.ts";
import { Ownership } from "./ownership.ts";
import { Provenance } from "./provenance.ts";
import { ThreadStates } from "./thread-state.ts";

export class FunctionAnalyses {
  readonly fn: FunctionIr;
  readonly environment: FlowEnvironment;
  private cfgMemo: Cfg | undefined;
  private defUseMemo: DefUse | undefined;
  private pathsMemo: AccessPaths | undefined;
  private provenanceMemo: Provenance | undefined;
  private freshnessMemo: Freshness | undefined;
  private locksMemo: Locks | undefined;
  private ownershipMemo: Ownership | undefined;
  private threadStatesMemo: ThreadStates | undefined;

  constructor(fn: FunctionIr, environment: FlowEnvironment = EMPTY_ENVIRONMENT) {
    this.fn = fn;
    this.environment = environment;
  }

  get cfg(): Cfg {
    this.cfgMemo ??= buildCfg(this.fn);
    return this.cfgMemo;
  }

  get defUse(): DefUse {
    this.defUseMemo ??= new DefUse(this.fn);
    return this.defUseMemo;
  }

  get accessPaths(): AccessPaths {
    this.pathsMemo ??= new AccessPaths(this.defUse);
    return this.pathsMemo;
  }

  get provenance(): Provenance {
    if (this.provenanceMemo === undefined) {
      this.provenanceMemo = new Provenance(this.defUse, this.environment);
      this.provenanceMemo.useEscapes(this.freshness);
    }
    return this.provenanceMemo;
  }

  get freshness(): Freshness {
    if (this.freshnessMemo === undefined) {
      const provenance = this.provenanceMemo ?? this.provenance;
      this.freshnessMemo ??= new Freshness(this.defUse, this.cfg, this.environment, provenance);
    }
    return this.freshnessMemo;
  }

  get locks(): Locks {
    this.locksMemo ??= new Locks(this.fn, this.cfg, this.defUse, this.accessPaths, this.environment);
    return this.locksMemo;
  }

  get threadStates(): ThreadStates {
    this.threadStatesMemo ??= new ThreadStates(this.fn, this.cfg, this.environment);
    return this.threadStatesMemo;
  }

  get ownership(): Ownership {
    this.ownershipMemo ??= new Ownership(this.fn, this.cfg, this.defUse, this.environment);
    return this.ownershipMemo;
  }
}
