/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Positive nodes and weights of the rule with 20 nodes: roots of the Legendre polynomial, to 20 digits by mpmath. */
#include "num/legendre.h"

static const double rule[][2] = {
    { 0.99312859918509492479, 0.017614007139152118312 },
    { 0.96397192727791379127, 0.040601429800386941331 },
    { 0.91223442825132590587, 0.06267204833410906357 },
    { 0.83911697182221882339, 0.083276741576704748725 },
    { 0.74633190646015079261, 0.10193011981724043504 },
    { 0.63605368072651502545, 0.11819453196151841731 },
    { 0.510867001950827098, 0.1316886384491766269 },
    { 0.37370608871541956067, 0.14209610931838205133 },
    { 0.22778585114164507808, 0.14917298647260374679 },
    { 0.076526521133497333755, 0.1527533871307258507 },
};

double mpl__legendre_node(size_t i, double from, double to, double *weight)
{
    const double middle = from + (to - from) / 2, half = (to - from) / 2;
    *weight = half * rule[i / 2][1];
    return i % 2 ? middle + half * rule[i / 2][0] : middle - half * rule[i / 2][0];
}
