/** Which part of a sweep one job of a job array does. */
import { createHash } from "node:crypto";
import { UsageError } from "../types.ts";

export interface Shard {
  /** From 1. */
  index: number;
  count: number;
}

const MAX_SHARDS = 100_000;

/** Where job systems say which job of how many this is. `first` is the number of the first one, or the variable that holds it. */
const SYSTEMS: readonly {
  name: string;
  index: string;
  first: number | string;
  step?: string;
  count?: string;
}[] = [
  {
    name: "Slurm",
    index: "SLURM_ARRAY_TASK_ID",
    first: "SLURM_ARRAY_TASK_MIN",
    step: "SLURM_ARRAY_TASK_STEP",
    count: "SLURM_ARRAY_TASK_COUNT",
  },
  { name: "Kubernetes", index: "JOB_COMPLETION_INDEX", first: 0 },
  { name: "GitLab", index: "CI_NODE_INDEX", first: 1, count: "CI_NODE_TOTAL" },
  { name: "Buildkite", index: "BUILDKITE_PARALLEL_JOB", first: 0, count: "BUILDKITE_PARALLEL_JOB_COUNT" },
  { name: "CircleCI", index: "CIRCLE_NODE_INDEX", first: 0, count: "CIRCLE_NODE_TOTAL" },
];

/**
 * Reads `i/n` (from 1/n to n/n), `auto` or `auto/n`: what the job system says in `env`.
 * @throws UsageError if it is none of them, and if the system does not say.
 */
export function parseShard(text: string, env: NodeJS.ProcessEnv): Shard {
  const auto = /^auto(?:\/(\d+))?$/.exec(text);
  if (auto) return fromEnvironment(auto[1] === undefined ? undefined : Number(auto[1]), env);
  const match = /^(\d+)\/(\d+)$/.exec(text);
  return checked(Number(match?.[1]), Number(match?.[2]), `--shard ${text}`);
}

function fromEnvironment(given: number | undefined, env: NodeJS.ProcessEnv): Shard {
  const system = SYSTEMS.find((s) => env[s.index]);
  if (system === undefined) {
    const known = SYSTEMS.map((s) => `${s.index} (${s.name})`).join(", ");
    throw new UsageError(`--shard auto: no job system is seen`, `Known are ${known}. Elsewhere give --shard I/N.`);
  }
  const stated = system.count === undefined ? undefined : Number(env[system.count]);
  const source = `--shard auto: ${system.name}`;
  if (given !== undefined && stated !== undefined && given !== stated) {
    throw new UsageError(`${source} has ${stated} jobs, not ${given}`, "Give --shard I/N.");
  }
  const count = given ?? stated;
  if (count === undefined) {
    throw new UsageError(`${source} does not say how many jobs there are`, "Give it: --shard auto/N");
  }
  const first = typeof system.first === "number" ? system.first : Number(env[system.first]);
  const step = system.step === undefined ? 1 : Number(env[system.step] ?? 1);
  // An array of chosen numbers (`--array=1,5,6`) has gaps that no step explains.
  return checked((Number(env[system.index]) - first) / step + 1, count, source);
}

function checked(index: number, count: number, source: string): Shard {
  const isWhole = Number.isInteger(index) && Number.isInteger(count);
  if (isWhole && index >= 1 && index <= count && count <= MAX_SHARDS) return { index, count };
  throw new UsageError(`${source}: no shard`, "It must be I/N, from 1/N to N/N, as in --shard 3/8.");
}

/** True if the target called `name` belongs to `shard`. It depends on nothing else: a longer list moves no target to another shard. */
export function isInShard(name: string, { index, count }: Shard): boolean {
  // 48 bits of the hash: more than enough to be even, and a whole number without loss.
  const hash = createHash("sha256").update(name).digest().readUIntBE(0, 6);
  return hash % count === index - 1;
}

/** `3-of-8`, for names of files: with as many digits everywhere that they sort. */
export function shardLabel({ index, count }: Shard): string {
  return `${String(index).padStart(String(count).length, "0")}-of-${count}`;
}
