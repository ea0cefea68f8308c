# cython: language_level=3, freethreading_compatible = True

cdef long total(list values)
