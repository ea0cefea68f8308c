/* %module old_tides was its name before the tables */
%module(docstring="Heights of tides.") tides  // expect: framework-gil-undeclared
%include "types.i"
double height(int station, double hour);
