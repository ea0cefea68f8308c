from setuptools import Extension, setup

setup(
    name="thin",
    ext_modules=[
        Extension(
            "thin",
            ["thin.c"],
            py_limited_api=True,  # expect: limited-api-conflict
        )
    ],
)
