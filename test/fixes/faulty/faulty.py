THING = ["thing"]
HELD = [THING] * 50000


def calls(m):
    yield "leak", lambda: m.leaks(THING)
    yield "too often", lambda: m.gives_back_too_often(THING)
    yield "new object", lambda: m.leaks_new_object()
    yield "error", lambda: m.answers()
    yield "fine", lambda: len(HELD)
