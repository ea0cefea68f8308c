/** Types whose values are numbers: nothing lies behind them. */

const NUMBERS =
  /^(?:(?:const|volatile|static|unsigned|signed|long|short|int|char|float|double|bool|_Bool|size_t|ssize_t|Py_ssize_t|Py_hash_t|u?int(?:_least|_fast)?\d+_t|u?int\d+|UINT\d+|INT\d+|DWORD|BOOL|BYTE)\s*)+$/;

/** True for an arithmetic type as written. Integers that hold pointers (`uintptr_t`) are none, nor is an unknown name. */
export function isNumberType(type: string): boolean {
  return NUMBERS.test(type);
}
