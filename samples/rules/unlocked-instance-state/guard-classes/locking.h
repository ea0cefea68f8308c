#pragma once

#include <Python.h>

namespace locking {

class ObjectSection {
public:
    explicit ObjectSection(PyObject *object) { PyCriticalSection_Begin(&section_, object); }
    ~ObjectSection() { PyCriticalSection_End(&section_); }

private:
    PyCriticalSection section_;
};

class MutexHold {
public:
    explicit MutexHold(PyMutex &mutex) : mutex_(mutex) { PyMutex_Lock(&mutex_); }
    ~MutexHold() { PyMutex_Unlock(&mutex_); }

private:
    PyMutex &mutex_;
};

}  // namespace locking
