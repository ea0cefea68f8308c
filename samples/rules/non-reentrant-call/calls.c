/* ungil-sample: fix=review */
#include <Python.h>

#include <grp.h>
#include <locale.h>
#include <netdb.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static PyMutex lookup_lock;

static PyObject *local_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    time_t seconds = (time_t)PyLong_AsLongLong(arg);
    struct tm *parts = localtime(&seconds);  /* expect: non-reentrant-call */

    if (parts == NULL)
        return PyErr_SetFromErrno(PyExc_OSError);
    return Py_BuildValue("(iii)", parts->tm_year + 1900, parts->tm_mon + 1, parts->tm_mday);
}

static PyObject *text_time_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    time_t seconds = (time_t)PyLong_AsLongLong(arg);

    return PyUnicode_FromString(asctime(gmtime(&seconds)));  /* expect: non-reentrant-call, non-reentrant-call */
}

static PyObject *words_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *copy = text == NULL ? NULL : strdup(text), *word;
    long n = 0;

    if (copy == NULL)
        return PyErr_NoMemory();
    for (word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))  /* expect: non-reentrant-call */
        n++;
    free(copy);
    return PyLong_FromLong(n);
}

static PyObject *home_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    struct passwd *entry = getpwuid((uid_t)PyLong_AsLong(arg));  /* expect: non-reentrant-call */

    return entry == NULL ? Py_NewRef(Py_None) : PyUnicode_DecodeFSDefault(entry->pw_dir);
}

static PyObject *group_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *name = PyUnicode_AsUTF8(arg);
    struct group *entry = name == NULL ? NULL : getgrnam(name);  /* expect: non-reentrant-call */

    return entry == NULL ? NULL : PyLong_FromLong((long)entry->gr_gid);
}

static PyObject *number_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    double value;

    if (text == NULL)
        return NULL;
    setlocale(LC_NUMERIC, "C");  /* expect: non-reentrant-call */
    value = strtod(text, NULL);
    setlocale(LC_NUMERIC, "");
    return PyFloat_FromDouble(value);
}

static PyObject *zone_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *zone = PyUnicode_AsUTF8(arg);

    if (zone == NULL || setenv("TZ", zone, 1) != 0)  /* expect: non-reentrant-call */
        return NULL;
    tzset();
    Py_RETURN_NONE;
}

static PyObject *address_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *name = PyUnicode_AsUTF8(arg);
    struct hostent *host = NULL;

    if (name == NULL)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    host = gethostbyname(name);  /* expect: non-reentrant-call */
    Py_END_ALLOW_THREADS
    return host == NULL ? Py_NewRef(Py_None) : PyLong_FromLong(host->h_length);
}

static PyObject *local_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    time_t seconds = (time_t)PyLong_AsLongLong(arg);
    struct tm parts;
    char text[32];

    if (localtime_r(&seconds, &parts) == NULL)
        return PyErr_SetFromErrno(PyExc_OSError);
    strftime(text, sizeof(text), "%H:%M", &parts);
    return PyUnicode_FromString(text);
}

static PyObject *words_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *copy = text == NULL ? NULL : strdup(text), *state = NULL, *word;
    long n = 0;

    if (copy == NULL)
        return PyErr_NoMemory();
    for (word = strtok_r(copy, " ", &state); word != NULL; word = strtok_r(NULL, " ", &state))
        n++;
    free(copy);
    return PyLong_FromLong(n);
}

static PyObject *home_locked_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    uid_t uid = (uid_t)PyLong_AsLong(arg);
    PyObject *result = NULL;
    struct passwd *entry;

    PyMutex_Lock(&lookup_lock);
    entry = getpwuid(uid);
    if (entry != NULL)
        result = PyUnicode_DecodeFSDefault(entry->pw_dir);
    PyMutex_Unlock(&lookup_lock);
    return result != NULL || PyErr_Occurred() ? result : Py_NewRef(Py_None);
}

static PyObject *home_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    struct passwd entry, *found = NULL;
    char buffer[1024];

    if (getpwuid_r((uid_t)PyLong_AsLong(arg), &entry, buffer, sizeof(buffer), &found) != 0 || found == NULL)
        Py_RETURN_NONE;
    return PyUnicode_DecodeFSDefault(entry.pw_dir);
}

/* A field of that name is no call of the library. */
typedef struct {
    long (*localtime)(long);
} Clock;

static long add_hour(long t)
{
    return t + 3600;
}

static PyObject *clock_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const Clock clock = {.localtime = add_hour};

    return PyLong_FromLong(clock.localtime(PyLong_AsLong(arg)));
}

static PyMethodDef sample_methods[] = {
    {"local", local_bad, METH_O, NULL},
    {"text_time", text_time_bad, METH_O, NULL},
    {"words", words_bad, METH_O, NULL},
    {"home", home_bad, METH_O, NULL},
    {"group", group_bad, METH_O, NULL},
    {"number", number_bad, METH_O, NULL},
    {"zone", zone_bad, METH_O, NULL},
    {"address", address_bad, METH_O, NULL},
    {"local", local_ok, METH_O, NULL},
    {"words", words_ok, METH_O, NULL},
    {"home_locked", home_locked_ok, METH_O, NULL},
    {"home", home_ok, METH_O, NULL},
    {"clock", clock_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
