"""A row of numbers with a name."""
ITEM = ("an", "item")
NAME = "".join(["some ", "name"])


def assigned(row, index, value):
    row[index] = value
    return list(row)


def deleted(row, index):
    del row[index]


def named(row, value):
    row.name = value
    return row.name, repr(row)


def unnamed(row):
    del row.name


def calls(m):
    row = m.Row(3)
    yield "new", lambda: list(m.Row(4))
    yield "empty", lambda: (list(m.Row()), repr(m.Row()), m.Row().name)
    yield "wrong", lambda: m.Row("x")
    yield "below zero", lambda: m.Row(-1)
    yield "again", lambda: (row.__init__(5), len(row), list(row))
    yield "grown", lambda: (row.__init__(1), row.append(2.5), len(row), list(row))
    yield "not grown", lambda: row.append(ITEM)
    yield "cleared", lambda: (row.clear(), len(row), list(row))
    yield "assigned", lambda: (row.__init__(2), assigned(row, 1, 7.5))
    yield "assigned wrongly", lambda: assigned(row, 1, ITEM)
    yield "assigned outside", lambda: assigned(row, 9, 1.5)
    yield "deleted", lambda: deleted(row, 0)
    yield "index", lambda: row[1]
    yield "no index", lambda: row[5]
    yield "named", lambda: named(row, NAME)
    yield "named wrongly", lambda: named(row, 5)
    yield "unnamed", lambda: unnamed(row)
