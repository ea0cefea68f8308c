#include <string>

#include <pybind11/pybind11.h>

namespace {

std::string greeting(const std::string &name)
{
    return "hello " + name;
}

}  // namespace

PYBIND11_MODULE(  // expect: framework-gil-undeclared
    greeter,
    module, pybind11::mod_gil_not_used())
{
    module.def("greeting", greeting);
}
