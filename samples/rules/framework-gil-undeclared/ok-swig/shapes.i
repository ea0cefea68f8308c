%module shapes
%{
#include "shapes.h"
%}
%include "shapes.h"
