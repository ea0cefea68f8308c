// Just enough declarations to check the syntax of samples where pybind11 is not installed.
#pragma once
#include <Python.h>

namespace pybind11 {

struct text {
    text &operator=(const char *);
};

struct module_ {
    text doc();
    template <typename Function> module_ &def(const char *name, Function function);
};

struct mod_gil_not_used {};

struct multiple_interpreters {
    static multiple_interpreters per_interpreter_gil();
};

template <typename... Options> void use(Options...) {}

}  // namespace pybind11

#define PYBIND11_MODULE(name, variable, ...)                                                                           \
    static void init_##name(::pybind11::module_ &);                                                                    \
    void options_of_##name() { ::pybind11::use(__VA_ARGS__); }                                                         \
    static void init_##name(::pybind11::module_ &variable)
