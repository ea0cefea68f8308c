# cython: language_level=3, boundscheck=False  # expect: framework-gil-undeclared
"""Sums."""


def total(values):
    cdef long result = 0
    for value in values:
        result += value
    return result
