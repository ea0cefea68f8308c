#include <pybind11/pybind11.h>

namespace py = pybind11;

static int add(int a, int b) { return a + b; }

PYBIND11_MODULE(calculator, m, py::mod_gil_not_used())  // expect: framework-gil-undeclared
{
    m.doc() = "Adds.";
    m.def("add", &add);
}
