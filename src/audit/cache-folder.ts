/** Where a user's caches live. */
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Absolute path of ungil's cache folder: `UNGIL_CACHE_DIR`, else the platform's place for caches (XDG base directories,
 * `~/Library/Caches`, `%LOCALAPPDATA%`). The folder may not exist yet.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
  home = homedir(),
): string {
  if (env.UNGIL_CACHE_DIR) return env.UNGIL_CACHE_DIR;
  if (platform === "darwin") return join(home, "Library", "Caches", "ungil");
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "ungil", "Cache");
  return join(env.XDG_CACHE_HOME || join(home, ".cache"), "ungil");
}
