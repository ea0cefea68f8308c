/** Libraries whose documentation says that one process must not be in them twice. */
import type { FileFacts } from "../../ir/facts.ts";

export interface UnsafeLibrary {
  library: string;
  /** Of the names of its functions. */
  prefix: string;
  /** Functions of the project that call it. */
  functions: number;
}

/** HDF5 is safe only in a build that takes one lock for everything; netCDF-C says that it is not thread-safe. */
const LIBRARIES = [
  { library: "HDF5", header: /(^|\/)hdf5\.h$/, prefix: "H5" },
  { library: "netCDF", header: /(^|\/)netcdf\.h$/, prefix: "nc_" },
];

export function unsafeLibraries(facts: readonly FileFacts[]): UnsafeLibrary[] {
  return LIBRARIES.flatMap(({ library, header, prefix }) => {
    if (!facts.some((f) => f.includes.some((i) => header.test(i.path)))) return [];
    const own = new Set(facts.flatMap((f) => f.functions.map((fn) => fn.name)));
    const functions = facts
      .flatMap((f) => f.functions)
      .filter((fn) => fn.calls.some((name) => name.startsWith(prefix) && !own.has(name))).length;
    return functions === 0 ? [] : [{ library, prefix, functions }];
  });
}
