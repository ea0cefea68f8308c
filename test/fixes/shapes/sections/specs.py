"""Ranges that are widened, joined, compared and walked."""
ITEM = ("an", "item")


def walked(r, n):
    r.__init__(0, n)
    return list(r), repr(r)


def joined(r, other, low, high):
    r.__init__(low, high)
    r.union(other)
    return repr(r)


def calls(m):
    r = m.Range(1, 5)
    other = m.Range(0, 3)
    yield "new", lambda: repr(m.Range(2, 3))
    yield "wrong", lambda: m.Range(3, 2)
    yield "no numbers", lambda: m.Range(ITEM, 5)
    yield "again", lambda: (r.__init__(4, 9), repr(r))
    yield "widened", lambda: (r.__init__(4, 9), repr(r.widen()), repr(r.widen(3)))
    yield "narrowed", lambda: (r.__init__(4, 9), repr(r.widen(-2)))
    yield "too narrow", lambda: (r.__init__(4, 9), r.widen(-3))
    yield "no width", lambda: r.widen(ITEM)
    yield "walked", lambda: walked(r, 4)
    yield "joined", lambda: joined(r, other, 1, 9)
    yield "joined with itself", lambda: (r.__init__(1, 2), r.union(r), repr(r))
    yield "not joined", lambda: r.union(5)
    yield "same", lambda: (r.__init__(0, 3), r == other, r != other, r == r)
    yield "different", lambda: (r.__init__(0, 4), r == other, r != other, r == 5)
    yield "no order", lambda: r < other
