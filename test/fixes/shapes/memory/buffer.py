"""Buffers that grow and shrink; the debug build's allocators tell a release by the wrong one."""


def calls(m):
    for size, more in ((1, 10), (10, 1), (600, 2000), (5, 5)):
        yield "%d, %d" % (size, more), lambda size=size, more=more: m.filled(size, more)
    yield "nothing", lambda: m.filled(0, 5)
