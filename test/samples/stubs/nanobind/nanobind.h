// Just enough declarations to check the syntax of samples where nanobind is not installed.
#pragma once
#include <Python.h>

namespace nanobind {

struct module_ {
    template <typename Function> module_ &def(const char *name, Function function);
};

}  // namespace nanobind

#define NB_MODULE(name, variable) static void init_##name(::nanobind::module_ &variable)
