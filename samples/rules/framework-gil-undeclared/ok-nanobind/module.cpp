#include <nanobind/nanobind.h>

static int add(int a, int b) { return a + b; }

NB_MODULE(adder, m)
{
    m.def("add", &add);
}
