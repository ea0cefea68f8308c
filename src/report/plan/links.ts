/** Links to lines on code hosts, which each writes in its own form. */
import { posix } from "node:path";
import type { GitOrigin } from "../../project/discover/git-origin.ts";

/** The address of a place; undefined where no host is known. `file` is relative to the top of the repository. */
export type LinkTo = (file: string, line: number) => string | undefined;

/** No host: places are shown as `path:line`. */
export const noLinks: LinkTo = () => undefined;

/** Addresses below `base`, in the form that GitHub, GitLab and Forgejo share: `base/path#L12`. */
export function linksBelow(base: string): LinkTo {
  const folder = base.replace(/\/+$/, "");
  return (file, line) => `${folder}/${encoded(file)}#L${line}`;
}

/** Permanent links for the host that the origin is on; `noLinks` for one whose form is not known. */
export function linksFor(origin: GitOrigin | undefined): LinkTo {
  const repository = origin && webAddress(origin.url);
  if (origin === undefined || repository === undefined) return noLinks;
  const { host, path } = repository;
  const web = `https://${host}/${encoded(path)}`;
  const { commit } = origin;
  if (host === "github.com" || host.startsWith("github.")) return linksBelow(`${web}/blob/${commit}`);
  if (host.startsWith("gitlab.") || host.includes(".gitlab.")) return linksBelow(`${web}/-/blob/${commit}`);
  if (host === "codeberg.org" || /^(?:gitea|forgejo)\./.test(host)) return linksBelow(`${web}/src/commit/${commit}`);
  if (host === "git.sr.ht") return (file, line) => `${web}/tree/${commit}/item/${encoded(file)}#L${line}`;
  if (host === "bitbucket.org") return (file, line) => `${web}/src/${commit}/${encoded(file)}#lines-${line}`;
  return noLinks;
}

/** Host and path of `https://host/path.git`, `ssh://git@host/path`, `git@host:path`; credentials and ports are dropped. */
function webAddress(url: string): { host: string; path: string } | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([a-z0-9.-]+)(?::\d+)?\/(.+)$/i.exec(url) ??
    /^(?:[\w.-]+@)?([a-z0-9-]+(?:\.[a-z0-9-]+)+):(?!\/)(.+)$/i.exec(url);
  if (!match) return undefined;
  const path = match[2].replace(/\/+$/, "").replace(/\.git$/, "");
  return path === "" || posix.normalize(path).startsWith("..") ? undefined : { host: match[1].toLowerCase(), path };
}

/** What may stand between the parentheses of a Markdown link, part by part. */
function encoded(path: string): string {
  return path
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join("/")
    .replace(/^%7E/, "~");
}
