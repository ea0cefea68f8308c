"""Modules that are there, and one that is not until it is asked for."""
import sys

SYS = sys


def made(m):
    try:
        return m.name_of("made_by_shape")
    finally:
        del sys.modules["made_by_shape"]


def calls(m):
    yield "name", lambda: m.name_of("sys")
    yield "new name", lambda: made(m)
    yield "module", lambda: m.module_of("sys") is sys
    yield "attribute", lambda: m.has_attribute("sys", "path")
    yield "no attribute", lambda: m.has_attribute("sys", "nothing")
