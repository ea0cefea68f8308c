%module shapes  // expect: framework-gil-undeclared
%{
#include "shapes.h"
%}
%include "shapes.h"
