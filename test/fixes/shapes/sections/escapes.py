"""Ways out of sections that were taken before the fix without leaving them only where that does no harm."""
ITEM = ("an", "item")


def calls(m):
    yield "first", lambda: m.first([ITEM])
    yield "empty", lambda: m.first([])
    yield "no list", lambda: m.first(5)
    yield "squeezed", lambda: m.squeezed(21)
    yield "not squeezed", lambda: m.squeezed(ITEM)
    yield "locked", lambda: m.locked(5)
