#include <nanobind/nanobind.h>

static int add(int a, int b) { return a + b; }

NB_MODULE(adder, m)  // expect: framework-gil-undeclared
{
    m.def("add", &add);
}
