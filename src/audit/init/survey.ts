/** What a project's first configuration can be made of: the audit, and what stands around and in the code. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import fg from "fast-glob";
import { findCompileCommands } from "../../fix/check/compile-commands.ts";
import { COMPAT_HEADER } from "../../fix/compat/headers.ts";
import type { FileFacts } from "../../ir/facts.ts";
import { NOT_WALKED_GLOBS } from "../../project/discover/folders.ts";
import { projectFolder } from "../../project/discover/gitignore.ts";
import { buildIndex } from "../../project/index.ts";
import type { ProjectContext } from "../../rule-api/context.ts";
import { Project } from "../../rule-api/project-context.ts";
import type { Risk } from "../../rule-api/types.ts";
import type { Configured } from "../config/configure.ts";
import type { StatedPython } from "../config/min-python.ts";
import { audit, readProject } from "../session.ts";
import { noRisks } from "../summary.ts";
import type { AuditContext, AuditOptions, AuditResult } from "../types.ts";
import { type LockPair, unknownLockPairs } from "./lock-pairs.ts";
import { type ThreadBoundType, threadBoundTypes } from "./thread-bound.ts";
import { type UnsafeLibrary, unsafeLibraries } from "./unsafe-libraries.ts";

/** A folder of code that somebody else maintains, by what lies in it. */
export interface BundledFolder {
  /** Relative to the root. */
  folder: string;
  /** Name of the file or folder that says so. */
  mark: string;
  risks: Record<Risk, number>;
}

/** Paths are relative to the root of the audit, with forward slashes. */
export interface Survey {
  options: AuditOptions;
  result: AuditResult;
  /** What the packaging says of the oldest Python. */
  stated?: StatedPython;
  bundled: BundledFolder[];
  /** The project's copy of pythoncapi_compat.h, if its files use one. */
  compatHeader?: string;
  compileCommands?: string;
  lockPairs: LockPair[];
  threadBound: ThreadBoundType[];
  libraries: UnsafeLibrary[];
}

/** @throws as `audit`. */
export async function surveyProject({ options, stated }: Configured, context: AuditContext): Promise<Survey> {
  let project: ProjectContext | undefined;
  const onProject = (audited: ProjectContext) => {
    project = audited;
  };
  const result = await audit(options, { ...context, onProject });
  project ??= await projectOf(options, context);
  const compatHeader = compatHeaderOf(project.files, result.root);
  const compileCommands = databaseOf(result.root);
  return {
    options,
    result,
    ...(stated ? { stated } : {}),
    bundled: bundledFolders(result),
    ...(compatHeader === undefined ? {} : { compatHeader }),
    ...(compileCommands === undefined ? {} : { compileCommands }),
    lockPairs: unknownLockPairs(project),
    threadBound: threadBoundTypes(project.index),
    libraries: unsafeLibraries(project.files),
  };
}

/** An audit that comes out of the cache as a whole has no code. */
async function projectOf(options: AuditOptions, context: AuditContext): Promise<ProjectContext> {
  const { facts, found } = await readProject(options, context);
  return new Project(buildIndex(facts, { metadata: found.metadata }), options);
}

const LICENCE = /^(licen[cs]e|copying|copyright|notice)\b/i;
/** Folders that hold code of others, by name; the surest of these names are left out by discovery already. */
const BUNDLED_NAME = /^(bundled?|deps?|contrib)$/i;

/** The outermost folders below the root with a licence of their own, or such a name, that make no module and hold findings. */
function bundledFolders({ root, findings, summary }: AuditResult): BundledFolder[] {
  const withModule = new Set(summary.modules.flatMap((m) => foldersAbove(m.file)));
  const marks = new Map<string, string | undefined>();
  const markOf = (folder: string) => {
    if (!marks.has(folder)) marks.set(folder, withModule.has(folder) ? undefined : markIn(root, folder));
    return marks.get(folder);
  };
  const bundled = new Map<string, BundledFolder>();
  for (const { file, risk } of findings) {
    for (const folder of foldersAbove(file)) {
      const mark = markOf(folder);
      if (mark === undefined) continue;
      const row = bundled.get(folder) ?? { folder, mark, risks: noRisks() };
      row.risks[risk]++;
      bundled.set(folder, row);
      break;
    }
  }
  return [...bundled.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** `a`, `a/b` for `a/b/x.c`: outermost first. */
function foldersAbove(file: string): string[] {
  const names = file.split("/").slice(0, -1);
  return names.map((_, i) => names.slice(0, i + 1).join("/"));
}

function markIn(root: string, folder: string): string | undefined {
  if (BUNDLED_NAME.test(basename(folder))) return basename(folder);
  try {
    return readdirSync(join(root, folder))
      .sort()
      .find((name) => LICENCE.test(name));
  } catch {
    return undefined;
  }
}

function compatHeaderOf(facts: readonly FileFacts[], root: string): string | undefined {
  const user = facts.find((f) => f.includes.some((i) => basename(i.path) === COMPAT_HEADER));
  if (user === undefined) return undefined;
  const beside = join(dirname(user.file), COMPAT_HEADER).split(sep).join("/");
  if (existsSync(join(root, beside))) return beside;
  return fg
    .sync(`**/${COMPAT_HEADER}`, { cwd: root, ignore: [...NOT_WALKED_GLOBS], followSymbolicLinks: false })
    .sort()[0];
}

function databaseOf(root: string): string | undefined {
  try {
    const path = findCompileCommands(projectFolder(root))?.path;
    return path === undefined ? undefined : relative(root, path).split(sep).join("/");
  } catch {
    return undefined;
  }
}
