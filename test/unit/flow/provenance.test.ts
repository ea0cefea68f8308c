import { describe, expect, it } from "vitest";
import { EMPTY_ENVIRONMENT } from "../../../src/flow/environment.ts";
import type { Origin } from "../../../src/flow/origin.ts";
import { analyse, argument, find, TEST_ENVIRONMENT } from "./helpers.ts";

/** Kinds of origins of the first argument of the nth `use(...)` call, and how shared it is there. */
function origins(
  body: string,
  options: { nth?: number; params?: string; locals?: string } = {},
): { kinds: string[]; sharing: string; all: readonly Origin[] } {
  const a = analyse(`fn f(${options.params ?? "%self: Cache *, %args: PyObject *, %kwargs: PyObject *"}) -> PyObject * {
${options.locals ?? "  local %x: PyObject *\n  local %y: PyObject *"}
bb0:
${body}
}`);
  const point = find(a, "call use(", options.nth ?? 1);
  const all = a.provenance.of(argument(a, point, 0), point);
  return { kinds: all.map((o) => o.kind).sort(), sharing: a.provenance.sharing(argument(a, point, 0), point), all };
}

describe("provenance of one value", () => {
  it("knows the private arguments", () => {
    expect(origins("  call use(%args)\n  return")).toMatchObject({ kinds: ["args-tuple"], sharing: "private" });
    expect(origins("  %x = %kwargs\n  call use(%x)\n  return")).toMatchObject({
      kinds: ["kwargs-dict"],
      sharing: "private",
    });
  });

  it("takes items of the arguments for objects of the caller", () => {
    expect(origins("  %t0 = call PyTuple_GET_ITEM(%args, 0)\n  call use(%t0)\n  return")).toMatchObject({
      kinds: ["item"],
      sharing: "caller",
    });
    expect(
      origins('  %t0 = addr %x\n  %t1 = call PyArg_ParseTuple(%args, str"O", %t0)\n  call use(%x)\n  return'),
    ).toMatchObject({
      kinds: ["parameter"],
      sharing: "caller",
    });
    expect(
      origins("  %t0 = load %argv->[] at 0\n  call use(%t0)\n  return", {
        params: '%self: PyObject *, %argv: "PyObject *const *"',
      }),
    ).toMatchObject({ kinds: ["parameter"] });
  });

  it("names fields with their struct, through casts", () => {
    const { all, sharing } = origins("  %t0 = %self as Store *\n  %t1 = load %t0->items\n  call use(%t1)\n  return", {
      params: "%self: PyObject *",
    });
    expect(all).toMatchObject([{ kind: "field", path: "items", struct: "Store", bases: [{ kind: "self" }] }]);
    expect(sharing).toBe("shared");
  });

  it("keeps the trail from the container to the item", () => {
    const { all } = origins(
      "  %t0 = load %self->rows\n  %t1 = call PyDict_GetItem(%t0, %args)\n  call use(%t1)\n  return",
    );
    expect(all[0].steps.map((s) => s.text)).toEqual([
      "the instance",
      "read from `rows` of `Cache`",
      "lent by PyDict_GetItem",
    ]);
    expect(all[0]).toMatchObject({ kind: "item", reference: "borrowed" });
  });

  it.each([
    ["@g_cache", "static", "shared"],
    ["@tls_cache", "own-thread", "private"],
    ["@Py_None", "immutable", "private"],
    ["@helper", "immutable", "private"],
    ["NULL", "null", "private"],
    ['str"x"', "immutable", "private"],
    ["7", "scalar", "private"],
  ])("knows the global or constant %s", (value, kind, sharing) => {
    expect(origins(`  %x = ${value}\n  call use(%x)\n  return`)).toMatchObject({ kinds: [kind], sharing });
  });

  it.each([
    ["PyModule_GetDict(%self)", "module-dict", "shared"],
    ['PyObject_GetAttrString(%args, str"x")', "attribute", "shared"],
    ["PyObject_CallNoArgs(%args)", "call-result", "caller"],
    ["PyList_New(0)", "fresh", "private"],
    ['PyUnicode_FromString(str"x")', "immutable", "private"],
    ['PyImport_ImportModule(str"x")', "module", "shared"],
    ["malloc(8)", "fresh", "private"],
    ["other(%args)", "call-result", "caller"],
  ])("knows what %s gives", (call, kind, sharing) => {
    expect(origins(`  %x = call ${call}\n  call use(%x)\n  return`)).toMatchObject({ kinds: [kind], sharing });
  });

  it("joins the origins of all definitions that reach", () => {
    const body = `  branch %kwargs ? bb1 : bb2
bb1:
  %x = %kwargs
  goto bb3
bb2:
  %x = load %self->defaults
  goto bb3
bb3:
  call use(%x)
  %x = call PyDict_New()
  call use(%x)
  return`;
    expect(origins(body)).toMatchObject({ kinds: ["field", "kwargs-dict"], sharing: "shared" });
    expect(origins(body, { nth: 2 })).toMatchObject({ kinds: ["fresh"], sharing: "private" });
  });

  it("ends in loops that walk a list of structs", () => {
    const body = `  %x = load %self->head
  goto bb1
bb1:
  branch %x ? bb2 : bb3
bb2:
  call use(%x)
  %x = load %x->next
  goto bb1
bb3:
  return`;
    const { sharing, all } = origins(body);
    expect(sharing).toBe("shared");
    expect(all.every((o) => o.kind === "field")).toBe(true);
  });

  it("follows slots that allocate", () => {
    const body = "  %t0 = load %self->tp_alloc\n  %x = call *%t0(%self, 0)\n  call use(%x)\n  return";
    expect(origins(body)).toMatchObject({ kinds: ["fresh"], sharing: "private" });
  });

  it("gives a list that a caller passed to PySequence_Fast back as it is", () => {
    const body =
      '  %y = call PyTuple_GetItem(%args, 0)\n  %x = call PySequence_Fast(%y, str"x")\n  call use(%x)\n  return';
    expect(origins(body).kinds).toEqual(["fresh", "item"]);
  });

  it("does not trust a variable whose address is known elsewhere", () => {
    const body = "  %x = call PyList_New(0)\n  %t0 = addr %x\n  store %self->slot, %t0\n  call use(%x)\n  return";
    expect(origins(body)).toMatchObject({ kinds: ["fresh", "unknown"], sharing: "caller" });
  });

  it("looks through an automatic C++ object that holds one reference", () => {
    const locals = "  local %x: PyObject *\n  local %ref: const Ref";
    const body = (made: string) =>
      `  %x = ${made}\n  %ref = call Ref(%x)\n  %t1 = call get() on %ref\n  call use(%t1)\n  return`;
    expect(origins(body("call PySequence_List(%args)"), { locals })).toMatchObject({
      kinds: ["fresh"],
      sharing: "private",
    });
    expect(origins(body("load %self->rows"), { locals })).toMatchObject({ kinds: ["field"], sharing: "shared" });
  });

  it("looks into automatic structs and arrays", () => {
    const locals = '  local %x: PyObject *\n  local %view: "PyObject *[2]"';
    const body = "  %t0 = load %self->rows\n  store %view.[], %t0 at 0\n  call use(%x)\n  return".replace(
      "%view.[], %t0 at 0",
      "%view.[] at 0, %t0",
    );
    const read = `${body.replace("  call use(%x)\n", "")}`.replace(
      "  return",
      "  %t1 = load %view.[] at 0\n  call use(%t1)\n  return",
    );
    expect(origins(read, { locals })).toMatchObject({ kinds: ["field"], sharing: "shared" });
  });
});

describe("freshness", () => {
  it("lasts until the object is stored where others see it", () => {
    const body = "  %x = call PyDict_New()\n  call use(%x)\n  store %self->cache, %x\n  call use(%x)\n  return";
    expect(origins(body).sharing).toBe("private");
    const after = origins(body, { nth: 2 });
    expect(after.sharing).toBe("shared");
    expect(after.all[0]).toMatchObject({ kind: "fresh", escaped: { certain: true, text: "stored in `cache`" } });
  });

  it("is not lost to calls that keep nothing, and lasts inside a private container", () => {
    const body = `  %x = call PyList_New(0)
  %y = call PyDict_New()
  call PyList_Append(%x, %args)
  call PyDict_SetItemString(%y, str"rows", %x)
  call Py_INCREF(%x)
  call use(%x)
  call PyDict_SetItemString(%self, str"all", %y)
  call helper(%x)
  call use(%x)
  return`;
    expect(origins(body).sharing).toBe("private");
    expect(origins(body, { nth: 2 }).all[0]).toMatchObject({ kind: "fresh", escaped: { certain: false } });
  });

  it("is lost to a global variable, through Py_NewRef and a macro as well", () => {
    const stored = "  %x = call PyList_New(0)\n  %t0 = call Py_NewRef(%x)\n  @g_last = %t0\n  call use(%x)\n  return";
    expect(origins(stored).sharing).toBe("shared");
    const replaced =
      "  %x = call PyList_New(0)\n  %t0 = load %self->last\n  store %self->last, %x\n  call Py_XSETREF(%t0, %x)\n  call use(%x)\n  return";
    expect(origins(replaced).sharing).toBe("shared");
  });

  it("begins anew in each round of a loop", () => {
    const body = `  goto bb1
bb1:
  %x = call PyList_New(0)
  call use(%x)
  store %self->last, %x
  branch %args ? bb1 : bb2
bb2:
  return`;
    expect(origins(body).sharing).toBe("private");
  });

  it("covers the fields of an instance that tp_new makes", () => {
    const body = `  %t0 = load %self->tp_alloc
  %y = call *%t0(%self, 0)
  %t1 = %y as Cache *
  %t2 = call PyDict_New()
  store %t1->rows, %t2
  %x = load %t1->rows
  call use(%x)
  return %y`;
    expect(origins(body, { params: "%self: PyTypeObject *, %args: PyObject *" }).sharing).toBe("private");
  });

  it("does not cover what was put into a fresh instance from elsewhere", () => {
    const body = `  %y = call PyType_GenericAlloc(%self, 0)
  %t2 = call PyTuple_GetItem(%args, 0)
  store %y->rows, %t2
  %x = load %y->rows
  call use(%x)
  return %y`;
    expect(origins(body).sharing).toBe("caller");
  });

  it("asks the summary of a called function of the project", () => {
    const text = `fn f(%self: Cache *) -> int {
  local %x: PyObject *
bb0:
  %x = call make_rows(%self)
  call use(%x)
  call publish(%x)
  call use(%x)
  return 0
}`;
    const summary = (escapes: "no" | "yes", returns: "fresh" | "unknown") => ({
      name: "",
      returns: [{ kind: returns }] as const,
      returnsOwned: true,
      escapes: [escapes] as const,
      steals: [false],
      outputs: [],
      lockEffects: [],
      mayRunPython: false,
      maySuspend: false,
      threadState: "same" as const,
    });
    const a = analyse(text, {
      ...TEST_ENVIRONMENT,
      callee: (_fn, call) =>
        call.callee === "make_rows"
          ? summary("no", "fresh")
          : call.callee === "publish"
            ? summary("yes", "unknown")
            : call.callee === "use"
              ? summary("no", "unknown")
              : undefined,
    });
    const [first, second] = [find(a, "call use("), find(a, "call use(", 2)];
    expect(a.provenance.sharing(argument(a, first, 0), first)).toBe("private");
    expect(a.provenance.sharing(argument(a, second, 0), second)).toBe("shared");
  });

  it("knows nothing about names without a project", () => {
    const a = analyse("fn f(%p: PyObject *) -> int {\nbb0:\n  call use(@table)\n  return 0\n}", EMPTY_ENVIRONMENT);
    const point = find(a, "call use(");
    expect(a.provenance.of(argument(a, point, 0), point)).toMatchObject([{ kind: "unknown" }]);
  });
});
