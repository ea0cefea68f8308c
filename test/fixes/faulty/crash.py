def calls(m):
    yield "fine", lambda: None
    yield "crash", lambda: m.crashes()
