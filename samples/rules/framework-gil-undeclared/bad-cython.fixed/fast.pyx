# cython: language_level=3, boundscheck=False  # expect: framework-gil-undeclared
# cython: freethreading_compatible=True
"""Sums."""


def total(values):
    cdef long result = 0
    for value in values:
        result += value
    return result
