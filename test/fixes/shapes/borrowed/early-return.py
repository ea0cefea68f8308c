"""One call for each way out."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __bool__(self):
        raise OverflowError("neither")


BAD = Bad()
TEXT = "".join(["some ", "text"])
NUMBER = 10**20
FULL = ["full"]
DICT = {"none": None, "empty": "", "text": TEXT, "number": NUMBER, "full": FULL, "hollow": [], "bad": BAD}
LIST = [b"bytes and bytes", TEXT, FULL]


def calls(m):
    for key in sorted(DICT) + ["other"]:
        yield key, lambda key=key: m.classified(DICT, key)
    yield "hash that raises", lambda: m.classified(DICT, BAD)
    for i in range(4):
        yield "item %d" % i, lambda i=i: m.checked(LIST, i)
