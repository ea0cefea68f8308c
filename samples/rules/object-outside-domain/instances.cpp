#include <Python.h>

#include <new>
#include <vector>

namespace {

struct Node {
    PyObject_HEAD
    std::vector<double> *values;
};

PyTypeObject *Node_Type;

PyObject *make_bad(PyObject *, PyObject *)
{
    Node *node = new Node();  // expect: object-outside-domain

    PyObject_Init(reinterpret_cast<PyObject *>(node), Node_Type);
    return reinterpret_cast<PyObject *>(node);
}

PyObject *make_nothrow_bad(PyObject *, PyObject *)
{
    auto *node = new (std::nothrow) Node;  // expect: object-outside-domain

    if (node == nullptr)
        return PyErr_NoMemory();
    return PyObject_Init((PyObject *)node, Node_Type);
}

PyObject *make_ok(PyObject *, PyObject *)
{
    auto *node = reinterpret_cast<Node *>(Node_Type->tp_alloc(Node_Type, 0));

    if (node == nullptr)
        return nullptr;
    node->values = new (std::nothrow) std::vector<double>();
    return reinterpret_cast<PyObject *>(node);
}

PyObject *placement_ok(PyObject *, PyObject *)
{
    void *memory = PyObject_Malloc(sizeof(Node));

    if (memory == nullptr)
        return PyErr_NoMemory();
    Node *node = new (memory) Node();
    return PyObject_Init(reinterpret_cast<PyObject *>(node), Node_Type);
}

PyObject *plain_ok(PyObject *, PyObject *)
{
    std::vector<PyObject *> *list = new std::vector<PyObject *>();
    const auto n = list->size();

    delete list;
    return PyLong_FromSize_t(n);
}

PyMethodDef sample_methods[] = {
    {"make", make_bad, METH_NOARGS, nullptr},
    {"make_nothrow", make_nothrow_bad, METH_NOARGS, nullptr},
    {"make_right", make_ok, METH_NOARGS, nullptr},
    {"placement", placement_ok, METH_NOARGS, nullptr},
    {"plain", plain_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
