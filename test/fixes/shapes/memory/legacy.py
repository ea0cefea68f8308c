"""Buffers of many sizes."""
DATA = bytes(range(200))


def calls(m):
    for size in (0, 1, 7, 200):
        yield "reversed %d" % size, lambda size=size: m.reversed_text(DATA[:size])
        yield "grown %d" % size, lambda size=size: m.grown(size)
    yield "no bytes", lambda: m.reversed_text("text")
