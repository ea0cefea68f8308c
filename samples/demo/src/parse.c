#include "eventdeck.h"

#include <string.h>
#include <time.h>

/* Lines look like

       name key=value key="quoted value" @1514764800

   and become a dict with "name", the keys, and "time". */

typedef struct {
    const char *start;
    Py_ssize_t length;
    int quoted;
} Token;

typedef struct {
    Token *items;
    Py_ssize_t used;
    Py_ssize_t room;
} TokenArray;

static char last_error[160];
static const char *const reserved[] = {"name", "time", NULL};

static int
tokens_push(TokenArray *tokens, const char *start, Py_ssize_t length, int quoted)
{
    if (tokens->used == tokens->room) {
        Py_ssize_t room = tokens->room ? tokens->room * 2 : 8;
        Token *items = tokens->items;

        PyMem_RESIZE(items, Token, room);
        if (items == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        tokens->items = items;
        tokens->room = room;
    }
    tokens->items[tokens->used].start = start;
    tokens->items[tokens->used].length = length;
    tokens->items[tokens->used].quoted = quoted;
    tokens->used++;
    return 0;
}

static int
tokenize(const char *line, TokenArray *tokens)
{
    const char *p = line;

    while (*p) {
        const char *start;
        int quoted = 0;

        while (*p == ' ' || *p == '\t')
            p++;
        if (*p == '\0')
            break;
        start = p;
        while (*p && (quoted || (*p != ' ' && *p != '\t'))) {
            if (*p == '"')
                quoted = !quoted;
            p++;
        }
        if (quoted) {
            snprintf(last_error, sizeof(last_error), "unclosed quote at column %d", (int)(start - line) + 1);
            PyErr_SetString(PyExc_ValueError, last_error);
            return -1;
        }
        if (tokens_push(tokens, start, p - start, 0) < 0)
            return -1;
    }
    return 0;
}

static int
is_reserved(const char *key, Py_ssize_t length)
{
    int i;

    for (i = 0; reserved[i] != NULL; i++) {
        if (strlen(reserved[i]) == (size_t)length && memcmp(reserved[i], key, (size_t)length) == 0)
            return 1;
    }
    return 0;
}

/* The value without its quotes; release with PyObject_Free(). */
static char *
copy_value(const char *start, Py_ssize_t length, Py_ssize_t *used)
{
    char *buffer = PyObject_Malloc((size_t)length + 1);
    Py_ssize_t i, n = 0;

    if (buffer == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (i = 0; i < length; i++) {
        if (start[i] != '"')
            buffer[n++] = start[i];
    }
    buffer[n] = '\0';
    *used = n;
    return buffer;
}

static int
add_pair(PyObject *result, const Token *token)
{
    const char *equals = memchr(token->start, '=', (size_t)token->length);
    PyObject *key = NULL, *value = NULL;
    Py_ssize_t key_length, used;
    char *buffer;
    int rc = -1;

    if (equals == NULL) {
        PyErr_Format(PyExc_ValueError, "expected key=value, not '%.40s'", token->start);
        return -1;
    }
    key_length = equals - token->start;
    if (is_reserved(token->start, key_length)) {
        PyErr_SetString(PyExc_ValueError, "reserved key");
        return -1;
    }
    buffer = copy_value(equals + 1, token->length - key_length - 1, &used);
    if (buffer == NULL)
        return -1;
    key = PyUnicode_FromStringAndSize(token->start, key_length);
    value = PyUnicode_FromStringAndSize(buffer, used);
    if (key == NULL || value == NULL)
        goto done;
    if (PyDict_GetItem(result, key) != NULL) {
        PyErr_Format(PyExc_ValueError, "key %R given twice", key);
        goto done;
    }
    rc = PyDict_SetItem(result, key, value);
done:
    Py_XDECREF(key);
    Py_XDECREF(value);
    PyMem_Free(buffer);
    return rc;
}

static int
add_text(PyObject *result, const char *key, const char *text, Py_ssize_t length)
{
    PyObject *value = PyUnicode_FromStringAndSize(text, length);
    int rc;

    if (value == NULL)
        return -1;
    rc = PyDict_SetItemString(result, key, value);
    Py_DECREF(value);
    return rc;
}

static int
add_time(PyObject *result, const Token *token)
{
    time_t seconds = (time_t)strtoll(token->start + 1, NULL, 10);
    char text[32];
    size_t n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));

    return add_text(result, "time", text, (Py_ssize_t)n);
}

PyObject *
deck_parse_line(PyObject *Py_UNUSED(module), PyObject *arg)
{
    TokenArray tokens = {NULL, 0, 0};
    const char *line = PyUnicode_AsUTF8(arg);
    PyObject *result;
    Py_ssize_t i;

    if (line == NULL)
        return NULL;
    result = PyDict_New();
    if (result == NULL)
        return NULL;
    if (tokenize(line, &tokens) < 0)
        goto fail;
    if (tokens.used == 0) {
        PyErr_SetString(PyExc_ValueError, "empty line");
        goto fail;
    }
    if (add_text(result, "name", tokens.items[0].start, tokens.items[0].length) < 0)
        goto fail;
    for (i = 1; i < tokens.used; i++) {
        const Token *token = &tokens.items[i];
        int rc = *token->start == '@' ? add_time(result, token) : add_pair(result, token);

        if (rc < 0)
            goto fail;
    }
    PyMem_Free(tokens.items);
    return result;

fail:
    PyMem_Free(tokens.items);
    Py_DECREF(result);
    return NULL;
}

/* stamp(seconds) -> local time as text */
PyObject *
deck_stamp(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static char text[64];
    time_t seconds;
    struct tm *parts;

    seconds = (time_t)PyLong_AsLongLong(arg);
    if (seconds == (time_t)-1 && PyErr_Occurred())
        return NULL;
    parts = localtime(&seconds);
    if (parts == NULL) {
        PyErr_SetString(PyExc_OverflowError, "time out of range");
        return NULL;
    }
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", parts);
    return PyUnicode_FromString(text);
}
