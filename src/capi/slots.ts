/** Slots of types and modules: position in the old structs, arguments, and who else can have the instance meanwhile. */
import type { Source } from "./sources.ts";

/** Struct that holds a slot as a field. */
export type SlotStruct =
  | "PyTypeObject"
  | "PyNumberMethods"
  | "PySequenceMethods"
  | "PyMappingMethods"
  | "PyAsyncMethods"
  | "PyBufferProcs"
  | "PyModuleDef";

export interface SlotInfo {
  name: string;
  struct: SlotStruct;
  /** `function`: called by the interpreter; `table`, `data`: points to further tables or is a number, text, flag. */
  holds: "function" | "table" | "data";
  /** Parameter that is the instance, -1 if none (tp_new and tp_alloc get the type). */
  self: number;
  /** Private argument tuple, private keyword dict; -1 if none. */
  args: number;
  kwargs: number;
  /** Parameters that are objects which the caller also has. */
  objects: readonly number[];
  /** Binary operators: any operand can be the instance of the type. */
  reflected: boolean;
  exclusivity: "shared" | "fresh" | "dying" | "collector";
  source: Source;
}

/** Fields of the structs, in order, as positional initialisers fill them. Several spellings of one position are joined by `|`. */
const LAYOUTS: Readonly<Record<SlotStruct, string>> = {
  PyTypeObject:
    "ob_base tp_name tp_basicsize tp_itemsize tp_dealloc tp_vectorcall_offset|tp_print tp_getattr tp_setattr tp_as_async|tp_compare|tp_reserved tp_repr tp_as_number tp_as_sequence tp_as_mapping tp_hash tp_call tp_str tp_getattro tp_setattro tp_as_buffer tp_flags tp_doc tp_traverse tp_clear tp_richcompare tp_weaklistoffset tp_iter tp_iternext tp_methods tp_members tp_getset tp_base tp_dict tp_descr_get tp_descr_set tp_dictoffset tp_init tp_alloc tp_new tp_free tp_is_gc tp_bases tp_mro tp_cache tp_subclasses tp_weaklist tp_del tp_version_tag tp_finalize tp_vectorcall tp_watched tp_versions_used",
  PyNumberMethods:
    "nb_add nb_subtract nb_multiply nb_remainder nb_divmod nb_power nb_negative nb_positive nb_absolute nb_bool|nb_nonzero nb_invert nb_lshift nb_rshift nb_and nb_xor nb_or nb_int nb_reserved|nb_long nb_float nb_inplace_add nb_inplace_subtract nb_inplace_multiply nb_inplace_remainder nb_inplace_power nb_inplace_lshift nb_inplace_rshift nb_inplace_and nb_inplace_xor nb_inplace_or nb_floor_divide nb_true_divide nb_inplace_floor_divide nb_inplace_true_divide nb_index nb_matrix_multiply nb_inplace_matrix_multiply",
  PySequenceMethods:
    "sq_length sq_concat sq_repeat sq_item was_sq_slice|sq_slice sq_ass_item was_sq_ass_slice|sq_ass_slice sq_contains sq_inplace_concat sq_inplace_repeat",
  PyMappingMethods: "mp_length mp_subscript mp_ass_subscript",
  PyAsyncMethods: "am_await am_aiter am_anext am_send",
  PyBufferProcs: "bf_getbuffer bf_releasebuffer",
  PyModuleDef: "m_base m_name m_doc m_size m_methods m_slots|m_reload m_traverse m_clear m_free",
};

/** Slots of other shapes than "the instance is the first and only object". */
const SHAPES: Readonly<Record<string, { self?: number; args?: number; kwargs?: number; objects?: number[] }>> = {
  tp_new: { self: -1, args: 1, kwargs: 2 },
  tp_alloc: { self: -1 },
  tp_init: { args: 1, kwargs: 2 },
  tp_call: { args: 1, kwargs: 2 },
  tp_vectorcall: { self: -1, args: 1, kwargs: 3 },
  tp_getattro: { objects: [1] },
  tp_setattro: { objects: [1, 2] },
  tp_setattr: { objects: [2] },
  tp_richcompare: { objects: [1] },
  tp_compare: { objects: [1] },
  tp_descr_get: { objects: [1, 2] },
  tp_descr_set: { objects: [1, 2] },
  nb_power: { objects: [1, 2] },
  nb_inplace_power: { objects: [1, 2] },
  sq_concat: { objects: [1] },
  sq_inplace_concat: { objects: [1] },
  sq_ass_item: { objects: [2] },
  sq_contains: { objects: [1] },
  mp_subscript: { objects: [1] },
  mp_ass_subscript: { objects: [1, 2] },
  am_send: { objects: [1] },
  m_traverse: {},
  m_clear: {},
  m_free: {},
};

const UNARY_NUMBER: ReadonlySet<string> = new Set([
  "nb_negative",
  "nb_positive",
  "nb_absolute",
  "nb_bool",
  "nb_nonzero",
  "nb_invert",
  "nb_int",
  "nb_long",
  "nb_float",
  "nb_index",
]);

const EXCLUSIVE: Readonly<Record<string, SlotInfo["exclusivity"]>> = {
  tp_new: "fresh",
  tp_alloc: "fresh",
  tp_dealloc: "dying",
  tp_free: "dying",
  tp_finalize: "dying",
  tp_del: "dying",
  tp_traverse: "collector",
  tp_clear: "collector",
  m_traverse: "collector",
  m_clear: "collector",
  m_free: "dying",
};

const TABLES: ReadonlySet<string> = new Set([
  "tp_as_async",
  "tp_as_number",
  "tp_as_sequence",
  "tp_as_mapping",
  "tp_as_buffer",
  "tp_methods",
  "tp_members",
  "tp_getset",
  "m_methods",
  "m_slots",
]);

const DATA: ReadonlySet<string> = new Set([
  "ob_base",
  "tp_name",
  "tp_basicsize",
  "tp_itemsize",
  "tp_vectorcall_offset",
  "tp_print",
  "tp_reserved",
  "tp_flags",
  "tp_doc",
  "tp_weaklistoffset",
  "tp_base",
  "tp_dict",
  "tp_dictoffset",
  "tp_bases",
  "tp_mro",
  "tp_cache",
  "tp_subclasses",
  "tp_weaklist",
  "tp_version_tag",
  "tp_watched",
  "tp_versions_used",
  "nb_reserved",
  "was_sq_slice",
  "was_sq_ass_slice",
  "m_base",
  "m_name",
  "m_doc",
  "m_size",
  "m_reload",
]);

function slotInfo(name: string, struct: SlotStruct): SlotInfo {
  const holds = TABLES.has(name) ? "table" : DATA.has(name) ? "data" : "function";
  const binary = struct === "PyNumberMethods" && holds === "function" && !UNARY_NUMBER.has(name);
  const shape = SHAPES[name] ?? (binary ? { objects: [1] } : {});
  return {
    name,
    struct,
    holds,
    self: shape.self ?? (holds === "function" ? 0 : -1),
    args: shape.args ?? -1,
    kwargs: shape.kwargs ?? -1,
    objects: shape.objects ?? [],
    reflected: binary && !name.startsWith("nb_inplace_"),
    exclusivity: EXCLUSIVE[name] ?? "shared",
    source: struct === "PyModuleDef" ? "docs/module" : "docs/typeobj",
  };
}

const slotTable = new Map<string, SlotInfo>();
const layouts = new Map<SlotStruct, readonly string[]>();
for (const [struct, fields] of Object.entries(LAYOUTS) as [SlotStruct, string][]) {
  const order: string[] = [];
  for (const field of fields.split(" ")) {
    const spellings = field.split("|");
    order.push(spellings[0] ?? "");
    for (const name of spellings) slotTable.set(name, slotInfo(name, struct));
  }
  layouts.set(struct, order);
}

export const SLOTS: ReadonlyMap<string, SlotInfo> = slotTable;

/** The slot of this field name (`tp_iternext`, `nb_add`); undefined if there is none. */
export function slot(name: string): SlotInfo | undefined {
  return SLOTS.get(name);
}

/** Field names of a slot struct in the order of a positional initialiser; undefined for any other struct. */
export function slotLayout(struct: string): readonly string[] | undefined {
  return layouts.get(struct as SlotStruct);
}

/**
 * Field name behind a slot number of `PyType_Slot` or `PySlot`: `Py_tp_dealloc` gives `tp_dealloc`, `Py_mod_exec` gives
 * `mod_exec`. Undefined if the name is no slot number.
 */
export function slotOfNumber(name: string): string | undefined {
  if (!name.startsWith("Py_")) return undefined;
  const field = name.slice(3);
  return SLOTS.has(field) || field.startsWith("mod_") ? field : undefined;
}

/** Positional field orders of the row structs of tables. */
export const ROW_LAYOUTS: Readonly<Record<string, readonly string[]>> = {
  PyMethodDef: ["ml_name", "ml_meth", "ml_flags", "ml_doc"],
  PyGetSetDef: ["name", "get", "set", "doc", "closure"],
  PyMemberDef: ["name", "type", "offset", "flags", "doc"],
  PyType_Slot: ["slot", "pfunc"],
  PyModuleDef_Slot: ["slot", "value"],
  PyType_Spec: ["name", "basicsize", "itemsize", "flags", "slots"],
  PySlot: ["sl_id", "sl_flags", "sl_reserved", "sl_value"],
};

/** How a function of `PyMethodDef` gets its arguments. */
export interface MethodConvention {
  convention: "noargs" | "o" | "varargs" | "keywords" | "fastcall" | "fastcall-keywords" | "method-fastcall-keywords";
  binding: "instance" | "class" | "static";
  self: number;
  args: number;
  kwargs: number;
  objects: readonly number[];
}

/**
 * Reads `ml_flags`, given as the names in the expression (`["METH_VARARGS", "METH_KEYWORDS"]`).
 * Undefined if no calling convention is among them.
 */
export function methodConvention(flags: Iterable<string>): MethodConvention | undefined {
  const set = new Set(flags);
  const binding = set.has("METH_CLASS") ? "class" : set.has("METH_STATIC") ? "static" : "instance";
  const self = binding === "instance" ? 0 : -1;
  if (set.has("METH_METHOD")) {
    return { convention: "method-fastcall-keywords", binding, self, args: 2, kwargs: 4, objects: [] };
  }
  if (set.has("METH_FASTCALL")) {
    const keywords = set.has("METH_KEYWORDS");
    return {
      convention: keywords ? "fastcall-keywords" : "fastcall",
      binding,
      self,
      args: 1,
      kwargs: keywords ? 3 : -1,
      objects: [],
    };
  }
  if (set.has("METH_KEYWORDS")) return { convention: "keywords", binding, self, args: 1, kwargs: 2, objects: [] };
  if (set.has("METH_VARARGS")) return { convention: "varargs", binding, self, args: 1, kwargs: -1, objects: [] };
  if (set.has("METH_O")) return { convention: "o", binding, self, args: -1, kwargs: -1, objects: [1] };
  if (set.has("METH_NOARGS")) return { convention: "noargs", binding, self, args: -1, kwargs: -1, objects: [] };
  return undefined;
}
