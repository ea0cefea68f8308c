use pyo3_ffi::{PyModuleDef_Slot, Py_MOD_GIL_NOT_USED, Py_mod_gil};
use std::ptr::null_mut;

pub static mut SLOTS: [PyModuleDef_Slot; 2] = [
    PyModuleDef_Slot { slot: Py_mod_gil, value: Py_MOD_GIL_NOT_USED },
    PyModuleDef_Slot { slot: 0, value: null_mut() },
];
