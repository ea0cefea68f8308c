from Cython.Build import cythonize
from setuptools import setup

setup(
    name="sums",
    ext_modules=cythonize(
        "sums/*.pyx",
        compiler_directives={
            "language_level": 3,
            "freethreading_compatible": True,
        },
    ),
)
