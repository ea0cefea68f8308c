"""The module is imported, named, documented, and answers."""


def calls(m):
    yield "answer", lambda: m.answer()
    yield "name", lambda: (m.__name__, m.__doc__)
    yield "names", lambda: sorted(k for k in vars(m) if not k.startswith("__"))
