// Just enough declarations to check the syntax of samples where Boost.Python is not installed.
#pragma once
#include <Python.h>

namespace boost::python {

template <typename Function> void def(const char *name, Function function);

}  // namespace boost::python

#define BOOST_PYTHON_MODULE(name) static void init_##name()
