#include <pybind11/pybind11.h>

static double half(double x) { return x / 2; }

PYBIND11_MODULE(halves, m, pybind11::multiple_interpreters::per_interpreter_gil(), pybind11::mod_gil_not_used())
{
    m.def("half", half);
}
