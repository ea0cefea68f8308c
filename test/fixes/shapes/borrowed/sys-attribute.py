import io
import sys

sys.shape_items = [object(), object()]
stream = io.StringIO()


def with_stream(m, value):
    def call():
        sys.shape_stream = value
        stream.seek(0)
        stream.truncate()
        return m.write_to("text")

    return call


def without_stream(m):
    def call():
        if hasattr(sys, "shape_stream"):
            del sys.shape_stream
        return m.write_to("text")

    return call


def calls(m):
    return [
        ("stream", with_stream(m, stream)),
        ("none", with_stream(m, None)),
        ("missing", without_stream(m)),
        ("fails", with_stream(m, 3)),
        ("count", lambda: m.count("shape_items")),
        ("no such", lambda: m.count("shape_nothing")),
        ("no length", lambda: m.count("maxsize")),
    ]
