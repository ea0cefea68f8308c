/** One run at a time in a folder. */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export class LockHeld extends Error {
  /** Process that holds the lock, on `host`. */
  readonly pid: number;
  readonly host: string;
  /** The lock's file, for the case that its owner is known to be gone. */
  readonly path: string;

  constructor(pid: number, host: string, path: string) {
    super(`another ungil (process ${pid}${host === hostname() ? "" : ` on ${host}`}) is writing here`);
    this.name = "LockHeld";
    this.pid = pid;
    this.host = host;
    this.path = path;
  }
}

export interface Lock {
  release(): void;
}

const TRIES = 4;

/**
 * Takes the lock whose files live in `folder`, which is made. Each process has a file of its own there, named after itself: whoever
 * comes second sees the other one, so that no lock ever has to be taken away from anybody. Files of processes that are no more are removed.
 * @throws LockHeld if another process has it.
 */
export async function takeLock(folder: string): Promise<Lock> {
  const name = lockName(process.pid, startOf(process.pid), hostname());
  let held: LockHeld | undefined;
  for (let i = 0; i < TRIES; i++) {
    // Two that begin at once may see each other and both give way: at another moment one is first.
    if (i > 0) await sleep(20 + Math.random() * 100);
    if (!create(folder, name)) {
      held = new LockHeld(process.pid, hostname(), join(folder, name));
      continue;
    }
    const other = livingOther(folder, name);
    if (other === undefined) return { release: () => rmSync(join(folder, name), { force: true }) };
    rmSync(join(folder, name), { force: true });
    held = other;
  }
  throw held;
}

/** False if this process has it already. */
function create(folder: string, name: string): boolean {
  for (let i = 0; ; i++) {
    mkdirSync(folder, { recursive: true });
    try {
      closeSync(openSync(join(folder, name), "wx"));
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") return false;
      // Another run tidied the folder away between the two calls.
      if (code !== "ENOENT" || i >= TRIES) throw error;
    }
  }
}

function livingOther(folder: string, own: string): LockHeld | undefined {
  for (const name of readdirSync(folder)) {
    if (name === own) continue;
    const path = join(folder, name);
    const [pid, start, host] = name.split("~");
    if (isAlive(Number(pid), start, decodeURIComponent(host ?? ""))) {
      return new LockHeld(Number(pid), decodeURIComponent(host ?? ""), path);
    }
    rmSync(path, { force: true });
  }
  return undefined;
}

function lockName(pid: number, start: string, host: string): string {
  return `${pid}~${start}~${encodeURIComponent(host)}`;
}

/** Processes of other machines cannot be asked: they count as alive. */
function isAlive(pid: number, start: string | undefined, host: string): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return startOf(pid) === start;
}

/** When a process began, in ticks since the machine did: process numbers are used again. Empty where /proc does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may hold anything; the start is the 20th field after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
