#ifndef SHAPES_H
#define SHAPES_H

double area(double width, double height);

#endif
