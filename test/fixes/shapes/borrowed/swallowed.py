"""What is left of exceptions: of the pending one, and of the one that the lookup raised."""
import sys


class Bad:
    def __hash__(self):
        raise ValueError("no hash")


class Unequal:
    def __hash__(self):
        return hash("key")

    def __eq__(self, other):
        raise ZeroDivisionError("not comparable")


KEYS = [("key", "key"), ("missing", "other"), ("bad", Bad()), ("unequal", Unequal()), ("unhashable", [])]
ITEM = ("an", "item")
DICT = {"key": ITEM, "5": ITEM}
DEBUG = hasattr(sys, "gettotalrefcount")


def calls(m):
    for name, key in KEYS:
        for f in (m.while_pending, m.is_pending, m.after_failed_call):
            if f is not m.is_pending and DEBUG and name not in ("key", "missing"):
                continue  # a debug build ends when Python code is called while an exception is pending
            yield "%s: %s" % (f.__name__, name), lambda f=f, key=key: f(DICT, key)
    yield "name while pending", lambda: m.name_while_pending(DICT, "key")
    yield "missing name while pending", lambda: m.name_while_pending(DICT, "other")
