%module types
%typemap(in) station_t { $1 = (station_t)PyLong_AsLong($input); }
