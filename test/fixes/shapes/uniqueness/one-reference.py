"""Objects with one reference, and with more."""
ITEM = ["item"]


def calls(m):
    yield "extended", lambda: m.extended(ITEM)
    yield "not extended", lambda: m.extended()
    for f in (m.is_only, m.is_shared):
        yield f.__name__ + ": item", lambda f=f: f(ITEM)
        yield f.__name__ + ": temporary", lambda f=f: f([5])
        yield f.__name__ + ": none", lambda f=f: f(None)
