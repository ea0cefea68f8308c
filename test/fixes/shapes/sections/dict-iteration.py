"""Loops that end, break, return, or jump to the label."""
ITEM = ("an", "item")
KEY = ("a", "key")
NUMBERS = {"a": 5, "b": 10**9}
MIXED = {"a": ITEM, 5: 6, KEY: "value"}
LONG = {"a": ITEM, "a long key of text": ITEM, "b": ITEM}


def calls(m):
    yield "sum", lambda: m.sum(NUMBERS)
    yield "no sum", lambda: m.sum(MIXED)
    yield "nothing", lambda: m.sum({})
    yield "no dict", lambda: m.sum([])
    yield "found", lambda: m.find(MIXED, MIXED[KEY])
    yield "not found", lambda: m.find(MIXED, KEY)
    yield "texts", lambda: m.texts(MIXED)
    yield "long", lambda: m.texts(LONG)
    yield "no texts", lambda: m.texts(5)
