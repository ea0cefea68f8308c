from Cython.Build import cythonize
from setuptools import setup

# not yet: compiler_directives={"freethreading_compatible": True}
setup(name="two", ext_modules=cythonize("two.pyx"))
