#ifndef COMPAT_H
#define COMPAT_H

#include <Python.h>

#if PY_VERSION_HEX >= 0x030D0000
#define COMMON_SLOTS {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL},
#else
#define COMMON_SLOTS {0, NULL},
#endif

#endif
