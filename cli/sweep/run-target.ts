/** Starts the process for one target, watches it, and turns whatever becomes of it into a record. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { failedRecord, type SweepRecord } from "../../src/audit/sweep/record.ts";
import { toolInfo } from "../../src/audit/tool.ts";
import { TARGET_COMMAND } from "./target-command.ts";
import type { TargetAnswer, TargetOrder } from "./target-process.ts";

export interface Patience {
  /** Seconds that a target may take. */
  timeout: number;
  /** Megabytes that its process may need. */
  memory: number;
}

const WATCH_MS = 250;
/** What is kept of the complaints of a process that crashes. */
const COMPLAINTS = 8192;

type Ending = { record: SweepRecord } | { state: "failed" | "timed-out"; reason: string };

/** Audits one target. The folder of `order` is made before and is gone afterwards. @throws the reason of `signal` if it is aborted. */
export async function runTarget(order: TargetOrder, patience: Patience, signal: AbortSignal): Promise<SweepRecord> {
  signal.throwIfAborted();
  mkdirSync(order.folder, { mode: 0o700 });
  let ending: Ending;
  try {
    ending = await watched(order, patience, signal);
  } finally {
    rmSync(order.folder, { recursive: true, force: true, maxRetries: 3 });
  }
  signal.throwIfAborted();
  if ("record" in ending) return ending.record;
  const { state, reason } = ending;
  return failedRecord(order.target, state, reason, { tool: toolInfo(), options: order.options });
}

function watched(order: TargetOrder, { timeout, memory }: Patience, signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    const child = fork(process.argv[1], [TARGET_COMMAND], {
      execArgv: [`--max-old-space-size=${memory}`],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // An interrupt at the terminal is for the sweep, which ends its processes in its own way.
      detached: process.platform !== "win32",
    });
    let ending: Ending | undefined;
    let complaints = "";
    const end = (how: Ending) => {
      ending ??= how;
      child.kill("SIGKILL");
    };
    const outOfMemory: Ending = { state: "failed", reason: `needs more than ${memory} MB (--memory raises the limit)` };
    const late = setTimeout(
      () => end({ state: "timed-out", reason: `not done within ${timeout} s (--timeout raises the limit)` }),
      timeout * 1000,
    );
    const watch = setInterval(() => {
      if (residentMegabytes(child) > memory) end(outOfMemory);
    }, WATCH_MS);
    const onAbort = () => child.kill("SIGKILL");
    signal.addEventListener("abort", onAbort, { once: true });
    child.stderr?.on("data", (data) => {
      complaints = (complaints + data).slice(-COMPLAINTS);
    });
    child.once("message", (answer: TargetAnswer) => {
      end("record" in answer ? answer : { state: "failed", reason: answer.reason });
    });
    const finish = (otherwise: Ending) => {
      clearTimeout(late);
      clearInterval(watch);
      signal.removeEventListener("abort", onAbort);
      resolve(ending ?? otherwise);
    };
    child.once("error", (error) => finish({ state: "failed", reason: `the process did not start: ${error.message}` }));
    child.once("close", (code, killedBy) => {
      const isHeap = complaints.includes("heap out of memory");
      finish(isHeap ? outOfMemory : { state: "failed", reason: `crashed (${killedBy ?? `exit status ${code}`})` });
    });
    // A process that is gone already says so with its exit.
    child.send(order, () => {});
  });
}

/** What the process has in memory, as far as the platform tells: elsewhere only the limit of the heap holds. */
function residentMegabytes({ pid }: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
