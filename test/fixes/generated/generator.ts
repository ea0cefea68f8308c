/**
 * Writes C functions that look items up without references of their own, in random shapes, from a seed: declarations, assignments,
 * conditions, loops, switches, early returns and cleanup labels. Each is right with the GIL: it loses no reference and uses none
 * that may be NULL. Containers are an argument (`arg`, a list) and a static dict (`table`) that another function replaces.
 */
import { FunctionLines, type Scope } from "./function-lines.ts";

const KEYS = ["key_a", "key_b", "key_missing", "arg"];
const STRINGS = ['"a"', '"b"', '"missing"'];

/** Writes one function; the same for the same seed. */
export class FunctionWriter extends FunctionLines {
  write(name: string): string {
    const scope: Scope = { live: new Set(), inLoop: false, inSwitch: false, depth: 1 };
    this.block(scope, 3 + this.below(3));
    const end = this.hasResult ? "return result;" : "return PyLong_FromLong(total);";
    const head = [
      "static PyObject *",
      `${name}(PyObject *Py_UNUSED(self), PyObject *arg)`,
      "{",
      ...this.declarations(),
      "",
      "    if (!PyList_Check(arg)) {",
      '        PyErr_SetString(PyExc_TypeError, "a list is wanted");',
      "        return NULL;",
      "    }",
      ...(this.hasResult ? ["    result = PyList_New(0);", "    if (result == NULL)", "        return NULL;"] : []),
    ];
    const label = ["", "error:", ...(this.hasResult ? ["    Py_XDECREF(result);"] : []), "    return NULL;"];
    return [...head, ...this.lines, `    ${end}`, ...(this.labelUsed ? label : []), "}"].join("\n");
  }

  private declarations(): string[] {
    const used = this.variables.filter((v) => this.used.has(v));
    const written = (name: string) => this.lines.some((l) => l.includes(name));
    const objects = this.chance(0.5) ? used.map((v) => `    PyObject *${v};`) : oneLine(used);
    return [
      ...objects,
      ...(this.hasResult ? ["    PyObject *result;"] : []),
      ...(written("text") ? ["    const char *text;"] : []),
      "    long total = 0;",
      ...(written("(i = ") ? ["    Py_ssize_t i;"] : []),
      ...(written("(j = ") ? ["    Py_ssize_t j;"] : []),
    ];
  }

  private block(scope: Scope, statements: number): void {
    for (let n = 0; n < statements; n++) if (this.statement(scope)) return;
  }

  private inner(scope: Scope, changes: Partial<Scope> = {}): Scope {
    return { ...scope, live: new Set(scope.live), depth: scope.depth + 1, ...changes };
  }

  /** One statement; true if nothing after it is reached. */
  private statement(scope: Scope): boolean {
    const kind = this.below(26);
    const isDeep = scope.depth > 3;
    if (kind < 7) this.lookup(scope);
    else if (kind < 13) this.use(scope);
    else if (kind < 15 && !isDeep) this.branch(scope);
    else if (kind < 17 && !isDeep && !scope.inLoop) this.loop(scope);
    else if (kind === 17 && !isDeep) this.choice(scope);
    else if (kind === 18 && scope.inLoop && !scope.inSwitch) {
      this.guarded(scope, `total % ${2 + this.below(3)} == 1`, this.pick(["continue;", "break;"]));
    } else if (kind === 19) this.leave(scope);
    else if (kind < 22 || isDeep) this.nested(scope);
    else if (kind < 24) this.rarer(scope);
    else this.taken(scope);
    return false;
  }

  private lookup(scope: Scope): void {
    const kind = this.below(9);
    if (kind === 8) {
      this.put(scope, `if (PyDict_GetItem(table, ${this.pick(KEYS)}) ${this.pick(["!=", "=="])} NULL)`);
      this.put(scope, "    total += 3;");
      return;
    }
    if (kind === 5) {
      this.ownBlock(scope);
      return;
    }
    const v = this.variable();
    switch (kind) {
      case 0:
        this.put(scope, `${v} = PyList_GetItem(arg, ${this.below(3)});`);
        this.guarded(scope, this.isNull(v), this.fail());
        scope.live.add(v);
        return;
      case 1: {
        this.put(scope, `if (PyList_GET_SIZE(arg) > 1) {`);
        const inner = this.inner(scope);
        this.put(inner, `${v} = PyList_GET_ITEM(arg, ${this.below(2)});`);
        inner.live.add(v);
        this.block(inner, 1 + this.below(3));
        this.put(scope, "}");
        scope.live.delete(v);
        return;
      }
      case 2:
        this.put(scope, `${v} = PyDict_GetItemWithError(table, ${this.pick(KEYS)});`);
        if (this.chance(0.5)) {
          this.put(scope, `if (${this.isNull(v)}) {`);
          this.put(scope, "    if (!PyErr_Occurred())");
          this.put(scope, '        PyErr_SetString(PyExc_KeyError, "missing");');
          this.put(scope, `    ${this.fail()}`);
          this.put(scope, "}");
        } else {
          this.guarded(scope, `${this.isNull(v)} && PyErr_Occurred()`, this.fail());
          this.put(scope, `if (${this.isSet(v)}) {`);
          const inner = this.inner(scope);
          inner.live.add(v);
          this.block(inner, 1 + this.below(2));
          this.put(scope, "}");
          scope.live.delete(v);
          return;
        }
        scope.live.add(v);
        return;
      case 3: {
        const what = this.chance(0.5)
          ? `PyDict_GetItem(table, ${this.pick(KEYS)})`
          : `PyDict_GetItemString(table, ${this.pick(STRINGS)})`;
        this.put(scope, `if ((${v} = ${what}) != NULL) {`);
        const inner = this.inner(scope);
        inner.live.add(v);
        this.block(inner, 1 + this.below(3));
        this.put(scope, "}");
        scope.live.delete(v);
        return;
      }
      case 4:
        this.put(scope, `${v} = PyDict_GetItem(table, ${this.pick(KEYS)});`);
        this.put(scope, `if (${this.isNull(v)})`);
        this.put(scope, `    ${v} = Py_None;`);
        scope.live.add(v);
        return;
      case 6:
        this.put(scope, `${v} = PyDict_GetItem(table, ${this.pick(KEYS)});`);
        this.guarded(scope, `${this.isNull(v)}`, "total += 2;");
        this.put(scope, `else`);
        this.put(scope, `    total += number(${v});`);
        scope.live.delete(v);
        return;
      case 7:
        this.put(scope, `${v} = PyList_GetItem(arg, ${this.below(2)});`);
        this.guarded(scope, this.isNull(v), this.fail());
        this.put(scope, `Py_INCREF(${v});`);
        this.put(scope, `total += number(${v});`);
        this.put(scope, `Py_DECREF(${v});`);
        scope.live.delete(v);
        return;
    }
  }

  /** A declaration with its initialiser, in a block of its own. */
  private ownBlock(scope: Scope): void {
    const own = `item${++this.names}`;
    this.put(scope, "{");
    const inner = this.inner(scope);
    this.put(inner, `PyObject *${own} = PyDict_GetItemString(table, ${this.pick(STRINGS)});`);
    this.put(inner, `if (${this.isSet(own)}) {`);
    const deeper = this.inner(inner);
    deeper.live.add(own);
    this.block(deeper, 1 + this.below(2));
    this.put(inner, "}");
    this.put(scope, "}");
  }

  private use(scope: Scope): void {
    if (scope.live.size === 0) {
      this.put(scope, `total += ${1 + this.below(5)};`);
      return;
    }
    const v = this.pick([...scope.live]);
    switch (this.below(5)) {
      case 0:
        this.put(scope, `total += number(${v});`);
        return;
      case 1:
        if (this.hasResult) this.guarded(scope, `PyList_Append(result, ${v}) < 0`, this.fail());
        else this.put(scope, `total += 2 * number(${v});`);
        return;
      case 2:
        this.put(scope, `text = PyUnicode_Check(${v}) ? PyUnicode_AsUTF8(${v}) : "other";`);
        this.guarded(scope, "text == NULL", this.fail());
        this.put(scope, "total += (long)strlen(text);");
        return;
      case 3:
        this.guarded(scope, `refuse(${v}) < 0`, this.fail());
        return;
      default:
        this.guarded(scope, `number(${v}) > ${this.below(9)}`, `total += number(${v});`);
    }
  }

  private branch(scope: Scope): void {
    this.put(scope, `if (total % ${2 + this.below(3)} == 0) {`);
    const then = this.inner(scope);
    this.block(then, 1 + this.below(3));
    let other = this.inner(scope);
    if (this.chance(0.6)) {
      this.put(scope, "}");
      this.put(scope, "else {");
      other = this.inner(scope);
      this.block(other, 1 + this.below(3));
    }
    this.put(scope, "}");
    scope.live = new Set([...then.live].filter((v) => other.live.has(v)));
  }

  private loop(scope: Scope): void {
    const i = this.chance(0.5) ? "i" : "j";
    this.put(scope, `for (${i} = 0; ${i} < PyList_GET_SIZE(arg); ${i}++) {`);
    const inner = this.inner(scope, { inLoop: true, inSwitch: false });
    if (this.chance(0.8)) {
      const v = this.variable();
      this.put(inner, `${v} = PyList_GET_ITEM(arg, ${i});`);
      inner.live.add(v);
    }
    this.block(inner, 1 + this.below(4));
    this.put(scope, "}");
    scope.live = new Set([...scope.live].filter((v) => inner.live.has(v)));
  }

  private choice(scope: Scope): void {
    this.put(scope, "switch (total % 3) {");
    const after: Set<string>[] = [];
    for (const label of ["case 0:", "case 1:", "default:"]) {
      this.put(scope, label);
      const inner = this.inner(scope, { inSwitch: true });
      this.block(inner, 1 + this.below(2));
      this.put(inner, "break;");
      after.push(inner.live);
    }
    this.put(scope, "}");
    scope.live = new Set([...after[0]].filter((v) => after.every((set) => set.has(v))));
  }

  private leave(scope: Scope): void {
    const condition = `total > ${20 + this.below(60)}`;
    const [v] = scope.live;
    if (this.hasResult) {
      this.guarded(scope, condition, "return result;");
      return;
    }
    if (v === undefined || this.chance(0.4)) {
      this.guarded(scope, condition, "return PyLong_FromLong(total);");
      return;
    }
    this.put(scope, `if (${condition}) {`);
    switch (this.below(3)) {
      case 0:
        this.put(scope, `    Py_INCREF(${v});`);
        this.put(scope, `    return ${v};`);
        break;
      case 1:
        this.put(scope, `    return PyTuple_Pack(1, ${v});`);
        break;
      default:
        this.put(scope, `    return PyLong_FromLong(total + number(${v}));`);
    }
    this.put(scope, "}");
  }

  /** A target that may be gone, a default that is inserted, and what is lent by a function or a macro of the project. */
  private rarer(scope: Scope): void {
    const inner = this.inner(scope);
    const key = this.pick(KEYS);
    const kind = this.below(8);
    if (kind === 1) {
      this.put(scope, `if (PyWeakref_GetObject(${this.pick(["ref_alive", "ref_dead"])}) == Py_None)`);
      this.put(scope, "    total += 2;");
      return;
    }
    const v = this.variable();
    switch (kind) {
      case 0:
        this.put(scope, `${v} = PyWeakref_GetObject(${this.pick(["ref_alive", "ref_dead"])});`);
        this.put(scope, `if (${v} != Py_None) {`);
        inner.live.add(v);
        this.block(inner, 1 + this.below(2));
        this.put(scope, "}");
        break;
      case 2:
        this.put(scope, `${v} = PyDict_SetDefault(scratch, key_a, ${this.pick(["key_b", "Py_None"])});`);
        this.guarded(scope, this.isNull(v), this.fail());
        scope.live.add(v);
        return;
      case 3:
        this.put(scope, `${v} = lent(${key});`);
        this.put(scope, `if (${this.isSet(v)}) {`);
        inner.live.add(v);
        this.block(inner, 1 + this.below(2));
        this.put(scope, "}");
        break;
      case 4:
        this.put(scope, `${v} = LOOK_UP(${key});`);
        this.put(scope, `total += number(${v});`);
        break;
      case 5:
        this.put(scope, `if (total % 2 == 0)`);
        this.put(scope, "    total += 1;");
        this.put(scope, `else if ((${v} = PyDict_GetItem(table, ${key})) != NULL) {`);
        inner.live.add(v);
        this.block(inner, 1 + this.below(2));
        this.put(scope, "}");
        break;
      case 6:
        this.put(
          scope,
          `if ((${v} = PyDict_GetItem(table, key_a)) != NULL || (${v} = PyDict_GetItem(table, key_b)) != NULL)`,
        );
        this.put(scope, `    total += number(${v});`);
        break;
      default:
        this.put(scope, `${v} = PyDict_GetItem(table, ${key});`);
        this.put(scope, `Py_XINCREF(${v});`);
        this.put(scope, `total += number(${v});`);
        this.put(scope, `Py_XDECREF(${v});`);
    }
    scope.live.delete(v);
  }

  /** References that are taken, and pointers that outlive the lookup they come from. */
  private taken(scope: Scope): void {
    const name = `own${++this.names}`;
    this.put(scope, "{");
    const inner = this.inner(scope);
    const key = this.pick(KEYS);
    switch (this.below(5)) {
      case 0:
        this.put(inner, `PyObject *${name} = Py_XNewRef(PyDict_GetItem(table, ${key}));`);
        this.put(inner, `total += number(${name});`);
        this.put(inner, `Py_XDECREF(${name});`);
        break;
      case 1:
        this.put(inner, `PyObject *${name} = NULL, *more${this.names};`);
        this.put(inner, `more${this.names} = PyDict_GetItem(table, ${key});`);
        this.put(inner, `if (more${this.names} != NULL)`);
        this.put(inner, `    ${name} = Py_NewRef(more${this.names});`);
        this.put(inner, `total += number(${name});`);
        this.put(inner, `Py_XDECREF(${name});`);
        break;
      case 2: {
        const v = this.variable();
        this.put(inner, `const char *${name} = "none";`);
        this.put(inner, `${v} = PyDict_GetItemString(table, ${this.pick(STRINGS)});`);
        this.put(inner, `if (${v} != NULL && PyUnicode_Check(${v}))`);
        this.put(inner, `    ${name} = PyUnicode_AsUTF8(${v});`);
        this.put(inner, `${v} = PyDict_GetItem(table, ${key});`);
        this.put(inner, `total += number(${v}) + (${name} == NULL ? 0 : (long)strlen(${name}));`);
        scope.live.delete(v);
        break;
      }
      case 3:
        this.put(inner, `struct pair ${name};`);
        this.put(inner, `${name}.left = PyDict_GetItem(table, key_a);`);
        this.put(inner, `${name}.right = PyDict_GetItem(table, ${key});`);
        this.put(inner, `total += number(${name}.left) + 2 * number(${name}.right);`);
        break;
      default:
        this.put(inner, `PyLongObject *${name} = (PyLongObject *)PyDict_GetItem(table, ${key});`);
        this.put(inner, `if (${name} != NULL && PyLong_Check((PyObject *)${name}))`);
        this.put(inner, `    total += number((PyObject *)${name});`);
    }
    this.put(scope, "}");
  }

  /** Lookups inside of other expressions. */
  private nested(scope: Scope): void {
    switch (this.below(4)) {
      case 0:
        this.put(scope, "if (PyList_GET_SIZE(arg) > 0)");
        this.put(scope, "    total += number(PyList_GET_ITEM(arg, 0));");
        return;
      case 1:
        this.put(scope, `total += number(PyDict_GetItem(table, ${this.pick(KEYS)}));`);
        return;
      case 2:
        this.put(scope, `total += PyDict_GetItemString(table, ${this.pick(STRINGS)}) == Py_None ? 5 : 1;`);
        return;
      default:
        this.put(scope, `if (PyList_GET_SIZE(arg) > 0 && number(PyList_GET_ITEM(arg, 0)) > ${this.below(5)})`);
        this.put(scope, "    total += 1;");
    }
  }
}

function oneLine(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`    PyObject ${names.map((v) => `*${v}`).join(", ")};`];
}
