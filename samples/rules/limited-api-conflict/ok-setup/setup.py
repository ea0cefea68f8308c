import sysconfig

from setuptools import Extension, setup

LIMITED = not sysconfig.get_config_var("Py_GIL_DISABLED")

setup(
    name="thin",
    ext_modules=[Extension("thin", ["thin.c"], py_limited_api=LIMITED)],
)
