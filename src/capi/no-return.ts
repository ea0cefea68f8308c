/** Functions that never return to their caller. */
import type { Source } from "./sources.ts";

const ROWS: readonly (readonly [Source, readonly string[]])[] = [
  [
    "docs/sys",
    [
      "Py_FatalError",
      "Py_Exit",
      "Py_ExitStatusException",
      "PyThread_exit_thread",
      "_Py_FatalErrorFunc",
      "_Py_FatalErrorFormat",
      "_Py_FatalRefcountErrorFunc",
      "Py_UNREACHABLE",
    ],
  ],
  [
    "posix",
    [
      "exit",
      "_exit",
      "_Exit",
      "quick_exit",
      "abort",
      "longjmp",
      "siglongjmp",
      "_longjmp",
      "pthread_exit",
      "thrd_exit",
      "err",
      "errx",
      "verr",
      "verrx",
      "__assert_fail",
      "__assert_rtn",
      "__stack_chk_fail",
    ],
  ],
  ["win32", ["ExitProcess", "ExitThread", "_endthread", "_endthreadex", "FatalAppExitA", "__fastfail"]],
  ["headers", ["__builtin_unreachable", "__builtin_trap", "__builtin_abort", "unreachable"]],
  [
    "cpp",
    [
      "std::terminate",
      "std::abort",
      "std::exit",
      "std::_Exit",
      "std::quick_exit",
      "std::longjmp",
      "std::unreachable",
      "std::rethrow_exception",
      "std::throw_with_nested",
    ],
  ],
  ["pybind11", ["pybind11_fail", "py::pybind11_fail", "pybind11::pybind11_fail"]],
  ["nanobind", ["nb::raise", "nanobind::raise", "nb::raise_python_error", "nanobind::raise_python_error"]],
  ["boost", ["throw_error_already_set", "boost::python::throw_error_already_set", "bp::throw_error_already_set"]],
];

export const NO_RETURN: ReadonlyMap<string, Source> = new Map(
  ROWS.flatMap(([source, names]) => names.map((name) => [name, source] as const)),
);

/** True if a call of this name ends the path: no statement after it runs. */
export function neverReturns(name: string): boolean {
  return NO_RETURN.has(name);
}
