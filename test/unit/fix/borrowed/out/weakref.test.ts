import { describe, expect, it } from "vitest";
import { fixBody } from "./helpers.ts";

describe("the target of a weak reference as a strong one", () => {
  it("is NULL where it was None, if that is only tested", async () => {
    const { body } = await fixBody(`    PyObject *target = PyWeakref_GET_OBJECT(self->ref);
    if (target == Py_None) {
        Py_RETURN_NONE;
    }
    return PyObject_Repr(target);
`);
    expect(body).toContain("    if (target == NULL) {\n        Py_RETURN_NONE;");
    expect(body).toContain("Py_DECREF(target);");
  });

  it("is NULL for Py_IsNone too", async () => {
    const { body } = await fixBody(`    PyObject *target = PyWeakref_GET_OBJECT(self->ref);
    if (!Py_IsNone(target)) {
        return PyObject_Repr(target);
    }
    Py_RETURN_NONE;
`);
    expect(body).toContain("    if (!(target == NULL)) {");
  });

  it("stays None where None is used as an object", async () => {
    const { body } = await fixBody(`    PyObject *target = PyWeakref_GET_OBJECT(self->ref);
    return PyObject_Repr(target);
`);
    expect(body).toContain(`    if (PyWeakref_GetRef(self->ref, &target) == 0) {
        target = Py_NewRef(Py_None);
    }
`);
  });

  it("stays None where NULL is an error", async () => {
    const { body } = await fixBody(`    PyObject *target = PyWeakref_GetObject(self->ref);
    if (target == NULL) {
        return NULL;
    }
    if (target == Py_None) {
        Py_RETURN_FALSE;
    }
    Py_RETURN_TRUE;
`);
    expect(body).toContain("target = Py_NewRef(Py_None);");
    expect(body).toContain("if (target == Py_None) {");
  });

  it("is released at once where only its life is asked for", async () => {
    const { body } = await fixBody(`    if (PyWeakref_GET_OBJECT(self->ref) != Py_None) {
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
`);
    expect(body).toContain("alive = PyWeakref_GetRef(self->ref, &target);");
    expect(body).toContain("    Py_XDECREF(target);\n    if (alive > 0) {");
  });

  it("keeps the error of what is no weak reference, which was not None", async () => {
    const { body } = await fixBody(`    if (PyWeakref_GetObject(self->ref) == Py_None) {
        Py_RETURN_FALSE;
    }
    Py_RETURN_TRUE;
`);
    expect(body).not.toContain("PyErr_Clear");
    expect(body).toContain("if (alive == 0) {");
  });

  it("is for a person to look at where None is needed in the middle of an expression", async () => {
    const { body } = await fixBody(`    if (key != NULL && PyWeakref_GET_OBJECT(self->ref) == key) {
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
`);
    expect(body).toContain("PyWeakref_GET_OBJECT(self->ref) == key");
  });
});
