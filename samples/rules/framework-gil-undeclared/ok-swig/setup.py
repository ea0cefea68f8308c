from setuptools import Extension, setup

setup(name="shapes", ext_modules=[Extension("_shapes", ["shapes.i"], swig_opts=["-c++", "-nogil"])])
