#include <boost/python.hpp>

static int add(int a, int b) { return a + b; }

BOOST_PYTHON_MODULE(booster)  // expect: framework-gil-undeclared
{
    boost::python::def("add", add);
}
