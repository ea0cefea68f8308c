// ungil-sample: fix=review
#include <Python.h>

#include <ctime>
#include <mutex>
#include <string>

namespace {

std::mutex time_mutex;

class Calendar {
public:
    std::string gmtime(long seconds) const { return std::to_string(seconds / 86400); }
};

PyObject *day_bad(PyObject *, PyObject *arg)
{
    const std::time_t seconds = PyLong_AsLong(arg);
    struct tm tm_data;
    const std::tm *parts = gmtime_r(&seconds, &tm_data);  // expect: non-reentrant-call

    return PyLong_FromLong(parts == nullptr ? -1 : parts->tm_mday);
}

PyObject *stamp_bad(PyObject *, PyObject *)
{
    const time_t now = time(nullptr);

    char time_text[26];
    return PyUnicode_FromString(ctime_r(&now, time_text));  // expect: non-reentrant-call
}

PyObject *hour_bad(PyObject *, PyObject *arg)
{
    std::time_t seconds = PyLong_AsLong(arg);

    struct tm tm_data;
    return PyLong_FromLong(localtime_r(&seconds, &tm_data)->tm_hour);  // expect: non-reentrant-call
}

PyObject *method_ok(PyObject *, PyObject *arg)
{
    const Calendar calendar;

    return PyUnicode_FromString(calendar.gmtime(PyLong_AsLong(arg)).c_str());
}

PyObject *locked_ok(PyObject *, PyObject *arg)
{
    std::time_t seconds = PyLong_AsLong(arg);
    int hour;

    Py_BEGIN_ALLOW_THREADS
    {
        const std::lock_guard<std::mutex> guard(time_mutex);
        hour = std::localtime(&seconds)->tm_hour;
    }
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(hour);
}

PyObject *reentrant_ok(PyObject *, PyObject *arg)
{
    std::time_t seconds = PyLong_AsLong(arg);
    std::tm parts;

    return PyLong_FromLong(gmtime_r(&seconds, &parts) == nullptr ? -1 : parts.tm_hour);
}

PyMethodDef sample_methods[] = {
    {"day", day_bad, METH_O, nullptr},
    {"stamp", stamp_bad, METH_NOARGS, nullptr},
    {"hour", hour_bad, METH_O, nullptr},
    {"method", method_ok, METH_O, nullptr},
    {"locked", locked_ok, METH_O, nullptr},
    {"reentrant", reentrant_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
