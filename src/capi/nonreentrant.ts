/** Functions of libc and POSIX that are not safe to call from several threads at once. */
import type { Source } from "./sources.ts";

export interface NonReentrant {
  name: string;
  /** POSIX exempts it from thread safety. */
  posix: boolean;
  /** `unsafe`: really unsafe in glibc; `safe`: glibc makes it safe; `safe-unless`: safe unless somebody writes the environment or locale. */
  glibc: "unsafe" | "safe" | "safe-unless";
  /** The Microsoft CRT keeps its static buffer per thread. */
  windows: "safe" | "unsafe" | "absent";
  /**
   * `static-buffer`: the result is overwritten by the next call. `global-state`: shared cursor or sequence.
   * `environment`, `locale`: process-wide settings. `process`: other process-wide state.
   */
  hazard: "static-buffer" | "global-state" | "environment" | "locale" | "process";
  /** Argument that must be NULL for the hazard, -1 if it always holds. */
  onlyIfNull: number;
  replacement: string;
  source: Source;
}

type Row = readonly [
  names: string,
  glibc: NonReentrant["glibc"],
  windows: NonReentrant["windows"],
  hazard: NonReentrant["hazard"],
  replacement: string,
  onlyIfNull?: number,
];

const POSIX_LIST = new Set(
  "asctime basename catgets crypt ctermid ctime dirname dlerror drand48 encrypt endgrent endpwent endutxent ftw getdate getenv getgrent getgrgid getgrnam gethostent getlogin getnetbyaddr getnetbyname getnetent getopt getprotobyname getprotobynumber getprotoent getpwent getpwnam getpwuid getservbyname getservbyport getservent getutxent getutxid getutxline gmtime hcreate hdestroy hsearch inet_ntoa l64a lgamma lgammaf lgammal localeconv localtime lrand48 mrand48 nftw nl_langinfo ptsname putenv pututxline rand readdir setenv setgrent setkey setpwent setutxent strerror strsignal strtok system tmpnam ttyname unsetenv wcrtomb wcsrtombs wcstombs wctomb gethostbyaddr gethostbyname ecvt fcvt gcvt".split(
    " ",
  ),
);

const ROWS: readonly Row[] = [
  ["strtok", "unsafe", "safe", "global-state", "strtok_r"],
  ["strerror", "safe", "safe", "static-buffer", "strerror_r, or PyErr_SetFromErrno"],
  ["strsignal", "unsafe", "absent", "static-buffer", "sigdescr_np"],
  ["localtime", "unsafe", "safe", "static-buffer", "localtime_r"],
  ["gmtime", "unsafe", "safe", "static-buffer", "gmtime_r"],
  ["asctime", "unsafe", "safe", "static-buffer", "strftime"],
  ["ctime", "unsafe", "safe", "static-buffer", "strftime with localtime_r"],
  ["getpwnam", "unsafe", "absent", "static-buffer", "getpwnam_r"],
  ["getpwuid", "unsafe", "absent", "static-buffer", "getpwuid_r"],
  ["getgrnam", "unsafe", "absent", "static-buffer", "getgrnam_r"],
  ["getgrgid", "unsafe", "absent", "static-buffer", "getgrgid_r"],
  [
    "getpwent setpwent endpwent getgrent setgrent endgrent",
    "unsafe",
    "absent",
    "global-state",
    "one lock around the walk",
  ],
  [
    "getspnam getspent getfsent getttyent getusershell getnetgrent innetgr",
    "unsafe",
    "absent",
    "global-state",
    "one lock around the calls",
  ],
  [
    "getutent getutid getutline getutxent getutxid getutxline setutent setutxent endutxent pututline pututxline updwtmp",
    "unsafe",
    "absent",
    "global-state",
    "one process-wide lock",
  ],
  ["getmntent", "unsafe", "absent", "static-buffer", "getmntent_r"],
  ["getlogin getlogin_r cuserid", "unsafe", "absent", "static-buffer", "getpwuid_r(geteuid())"],
  ["ttyname", "unsafe", "absent", "static-buffer", "ttyname_r"],
  ["ptsname", "unsafe", "absent", "static-buffer", "ptsname_r"],
  ["ctermid", "safe", "absent", "static-buffer", "an own buffer as the argument", 0],
  ["setlocale", "unsafe", "unsafe", "locale", "uselocale with newlocale"],
  ["localeconv", "unsafe", "safe", "static-buffer", "nl_langinfo_l"],
  ["nl_langinfo", "safe", "absent", "static-buffer", "nl_langinfo_l"],
  ["getenv", "safe-unless", "unsafe", "environment", "a copy made at start-up"],
  ["setenv putenv unsetenv clearenv", "unsafe", "absent", "environment", "setting it before threads start"],
  ["_putenv _wputenv", "unsafe", "unsafe", "environment", "setting it before threads start"],
  ["rand srand random srandom", "safe", "safe", "global-state", "rand_r or a generator of one's own"],
  ["drand48 erand48 lrand48 mrand48 srand48 lcong48", "unsafe", "absent", "global-state", "the drand48_r family"],
  ["tmpnam", "unsafe", "safe", "static-buffer", "mkstemp", 0],
  ["inet_ntoa", "safe", "safe", "static-buffer", "inet_ntop"],
  ["ether_ntoa", "unsafe", "absent", "static-buffer", "ether_ntoa_r"],
  ["ether_aton", "unsafe", "absent", "static-buffer", "ether_aton_r"],
  [
    "gethostbyname gethostbyname2 gethostbyaddr gethostent",
    "unsafe",
    "safe",
    "static-buffer",
    "getaddrinfo or getnameinfo",
  ],
  ["getservbyname getservbyport getservent", "unsafe", "safe", "static-buffer", "getaddrinfo"],
  ["getprotobyname getprotobynumber getprotoent", "unsafe", "safe", "static-buffer", "getprotobyname_r"],
  ["getnetbyname getnetbyaddr getnetent", "unsafe", "absent", "static-buffer", "getnetbyname_r"],
  ["hsearch hcreate hdestroy", "unsafe", "absent", "global-state", "the hsearch_r family"],
  ["getopt getopt_long getopt_long_only", "unsafe", "absent", "global-state", "parsing at start-up only"],
  ["getdate", "unsafe", "absent", "static-buffer", "strptime"],
  ["l64a", "unsafe", "absent", "static-buffer", "snprintf"],
  ["ecvt fcvt", "unsafe", "safe", "static-buffer", "snprintf"],
  ["lgamma lgammaf lgammal", "unsafe", "safe", "global-state", "lgamma_r"],
  ["mblen mbtowc wctomb", "unsafe", "safe", "global-state", "mbrlen, mbrtowc or wcrtomb with an own state"],
  ["mbrtowc", "unsafe", "safe", "global-state", "an own mbstate_t", 3],
  ["mbsrtowcs wcsrtombs", "unsafe", "safe", "global-state", "an own mbstate_t", 3],
  ["wcrtomb", "unsafe", "safe", "global-state", "an own mbstate_t", 2],
  ["getpass", "unsafe", "absent", "static-buffer", "termios and an own buffer"],
  ["crypt encrypt setkey", "unsafe", "absent", "static-buffer", "crypt_r"],
  ["readdir", "safe-unless", "absent", "static-buffer", "one stream per thread, or a lock on the stream"],
  ["dlerror", "safe", "absent", "static-buffer", "reading it right after the call"],
  ["basename dirname", "safe", "absent", "static-buffer", "a copy of the path"],
  ["system", "safe", "safe", "process", "posix_spawn"],
  ["chdir fchdir umask", "safe", "unsafe", "process", "the openat family"],
  ["sigprocmask", "safe", "absent", "process", "pthread_sigmask"],
  ["setlogmask", "unsafe", "absent", "process", "setting it at start-up"],
];

export const NON_REENTRANT: ReadonlyMap<string, NonReentrant> = new Map(
  ROWS.flatMap(([names, glibc, windows, hazard, replacement, onlyIfNull = -1]) =>
    names.split(" ").map((name): [string, NonReentrant] => [
      name,
      {
        name,
        posix: POSIX_LIST.has(name),
        glibc,
        windows,
        hazard,
        onlyIfNull,
        replacement,
        source: name.startsWith("_") ? "msvc" : POSIX_LIST.has(name) && glibc === "safe" ? "posix" : "man",
      },
    ]),
  ),
);

/** What is known of a function of libc that several threads must not call at once; undefined for all others. */
export function nonReentrant(name: string): NonReentrant | undefined {
  return NON_REENTRANT.get(name) ?? (name.startsWith("std::") ? NON_REENTRANT.get(name.slice(5)) : undefined);
}
