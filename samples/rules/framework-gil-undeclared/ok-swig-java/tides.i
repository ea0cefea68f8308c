%module tides
double height(int station, double hour);
