"""Weak references and others."""
import weakref


class Thing:
    def __repr__(self):
        return "thing"


class Bad(Thing):
    def __repr__(self):
        raise RuntimeError("no repr")


THING = Thing()
BAD = Bad()
ALIVE = weakref.ref(THING)
RAISING = weakref.ref(BAD)
DEAD = weakref.ref(Thing())
PROXY = weakref.proxy(THING)


def calls(m):
    references = [("alive", ALIVE), ("raising", RAISING), ("dead", DEAD), ("proxy", PROXY), ("none", None)]
    for name, ref in references:
        for f in (m.referent, m.taken, m.alive):
            yield "%s:%s" % (f.__name__, name), lambda f=f, ref=ref: f(ref)
