"""Parts of objects that only the container holds, and of objects that live on."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")


BAD = Bad()
KEPT = "".join(["kept ", "text"])
PAIR = (KEPT, BAD)


def calls(m):
    yield "joined", lambda: m.joined({"key": "".join(["some ", "text"])}, "key", "prefix ")
    yield "kept", lambda: m.joined({"key": KEPT}, "key", "prefix ")
    yield "missing", lambda: m.joined({}, "key", "prefix ")
    yield "no text", lambda: m.joined({"key": 5}, "key", "prefix ")
    yield "surrogate", lambda: m.joined({"key": "\ud800"}, "key", "prefix ")
    yield "hash that raises", lambda: m.joined({}, BAD, "prefix ")
    yield "checksum", lambda: m.checksum([b"some", b"bytes"])
    yield "no bytes", lambda: m.checksum([b"some", "text"])
    yield "first", lambda: m.first_of_first([("a" * 3, 5)])
    yield "first of a pair that lives on", lambda: m.first_of_first([PAIR])
    yield "no pair", lambda: m.first_of_first([5])
    yield "nothing", lambda: m.first_of_first([])
