"""Calls that leave something behind in the module."""


class Bad:
    def __bool__(self):
        raise ValueError("neither")


BAD = Bad()


def calls(m):
    yield "count", lambda: m.count()
    yield "verbose", lambda: (m.set_verbose(5), m.set_verbose([]))
    yield "not verbose", lambda: m.set_verbose(BAD)
    yield "hex", lambda: m.hexed(10**9)
    yield "no hex", lambda: m.hexed(BAD)
