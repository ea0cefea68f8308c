/** Unpacks what an audit reads out of an archive. */
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archiveKind } from "../targets.ts";
import { Gatherer, type Unpacked } from "./gather.ts";
import { ArchiveError, type ArchiveLimits, Meter } from "./limits.ts";

/**
 * Unpacks the archive at `path` into `folder`, an empty folder of one's own, and answers where to audit. Archives inside of it stay closed.
 * @throws ArchiveError if it is damaged, of an unknown kind, or above the limits; the folder then holds a part of it.
 */
export async function unpack(
  path: string,
  folder: string,
  limits: ArchiveLimits,
): Promise<{ root: string; unpacked: Unpacked }> {
  const meter = new Meter(limits, statSync(path).size);
  const gatherer = new Gatherer(folder, limits);
  switch (archiveKind(path)) {
    case "tar":
      await (await import("./read-tar.ts")).readTar(path, gatherer, meter);
      break;
    case "zip":
      await (await import("./read-zip.ts")).readZip(path, gatherer, meter);
      break;
    case undefined:
      throw new ArchiveError("neither a folder nor an archive");
    default:
      throw new ArchiveError("this compression cannot be read: pack it again as .tar.gz or .zip");
  }
  const root = existsSync(gatherer.root()) ? gatherer.root() : folder;
  markTop(root);
  return { root, unpacked: { ...meter.counts(), ...gatherer.counts() } };
}

/** What stands above a checkout counts up to the top of its repository: nothing of this machine belongs to an archive. */
function markTop(root: string): void {
  const mark = join(root, ".git");
  if (!existsSync(mark)) writeFileSync(mark, "");
}
