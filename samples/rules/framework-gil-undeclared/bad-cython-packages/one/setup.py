from Cython.Build import cythonize
from setuptools import setup

setup(name="one", ext_modules=cythonize("one.pyx", compiler_directives={"freethreading_compatible": True}))
