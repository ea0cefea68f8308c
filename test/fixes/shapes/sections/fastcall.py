"""A sum that is added to and reset."""
ITEM = ("an", "item")


def calls(m):
    s = m.Sum()
    yield "add", lambda: (s.reset(), s.add(), s.add(5), s.add(1, 2, 3))
    yield "not added", lambda: (s.reset(), s.add(5, ITEM))
    yield "reset", lambda: (s.reset(value=5), s.add())
    yield "not reset", lambda: s.reset(1, value=5)
    yield "names", lambda: s.add(value=5)
