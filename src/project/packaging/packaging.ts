/** Reads how a project is packaged and tested. */
import { PackagingFiles } from "./files.ts";
import { ciJobs } from "./jobs.ts";
import { limitedApi, manifestPaths, packageName, requirementsOf, statedBy } from "./metadata.ts";
import { compatCopies, documentation, runsOf, testEnvironments, testFiles } from "./testing.ts";
import type { CiJob, Packaging } from "./types.ts";
import { wheelBuilds } from "./wheels.ts";

/**
 * The facts about the package that `root` belongs to (absolute path): the nearest package at or above it, or the outermost ones below it,
 * with the CI configuration of the work tree. Nothing is executed, and nothing that is found makes it throw.
 */
export function readPackaging(root: string): Packaging {
  const files = new PackagingFiles(root);
  const jobs = ciJobs(files);
  const { plugins, ...runs } = runsOf(files);
  const name = packageName(files);
  const facts = {
    ...(name === undefined ? {} : { name }),
    manifests: manifestPaths(files).map((path) => files.nameOf(path)),
    ...statedBy(files),
    requirements: requirementsOf(files),
    systems: [...new Set(jobs.map((j) => j.system))].sort(),
    jobs: jobs.map(({ settings: _, commands: __, key: ___, ...job }): CiJob => job),
    wheels: wheelBuilds(files, jobs),
    environments: testEnvironments(files),
    ...runs,
    tests: testFiles(files, plugins),
    abi3: limitedApi(files),
    compatCopies: compatCopies(files),
    documentation: documentation(files),
  };
  return { files: files.read(), problems: files.problems, ...facts };
}
