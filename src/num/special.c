/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Special functions of effect sizes, the integrals among them by the double-exponential rule, which does not mind what
 * happens at the ends. GSL's 2F1 is not used: near 1 it loses all but three digits without saying so.
 */
#include "num/special.h"

#include <math.h>
#include <stddef.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>

/* ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2] for x >= 9: Stirling's series, error below 1e-17. */
static double stirling_rest(double x)
{
    static const double c[] = { 1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0 };
    double sum = 0;
    for (size_t i = sizeof c / sizeof *c; i-- > 0;)
        sum = sum / (x * x) + c[i];
    return sum / x;
}

/* ln Gamma(a) - ln Gamma(a - 1/2); the difference of two lgamma would lose 1e-10 at a = 1e6. */
static double log_gamma_ratio(double a)
{
    if (a < 10)
        return log(tgamma(a) / tgamma(a - 0.5));
    return log(a) / 2 - (a - 1) * log1p(-0.5 / a) - 0.5 + stirling_rest(a) - stirling_rest(a - 0.5);
}

double mpl__hedges_j(double m)
{
    const double a = m / 2;
    if (!(m > 1))
        return NAN;
    if (isinf(m))
        return 1;
    if (a < 10)
        return tgamma(a) / (sqrt(a) * tgamma(a - 0.5));
    return exp(-(a - 1) * log1p(-0.5 / a) - 0.5 + stirling_rest(a) - stirling_rest(a - 0.5));
}

/*
 * Integral of f(u) over (0, 1): trapezoid in t, u = 1/(1 + exp(-pi sinh t)) (Takahasi & Mori 1974, Publ RIMS
 * 9:721-741). f gets u and 1 - u, both exact near their zeros.
 */
static double integrate(double (*f)(double u, double rest, const double *p), const double *p)
{
    const double step = 1 / 32.0;
    double sum = 0;
    for (int i = -160; i <= 160; i++) {
        const double t = i * step, e = exp(-M_PI * sinh(t)), u = 1 / (1 + e), rest = e / (1 + e);
        const double y = f(u, rest, p);
        if (isfinite(y))
            sum += y * cosh(t) * u * rest;
    }
    return sum * M_PI * step;
}

static double power(double u, double rest, double exponent)
{
    return exp(exponent * (u < 0.5 ? log(u) : log1p(-rest)));
}

/* Euler's integral after u = 1 - t: u^(c - 3/2) (r^2 + (1 - r^2) u)^(-1/2) (1 - u)^(-1/2). p = { c, r^2 } */
static double half(double u, double rest, const double *p)
{
    return power(u, rest, p[0] - 1.5) / sqrt((p[1] + (1 - p[1]) * u) * rest);
}

static double one(double u, double rest, const double *p)
{
    return power(u, rest, p[0] - 2) / (p[1] + (1 - p[1]) * u);
}

double mpl__hyp2f1_half(double c, double r)
{
    const double p[] = { c, r * r };
    if (!(c > 1 && fabs(r) <= 1))
        return NAN;
    return exp(log_gamma_ratio(c)) * M_2_SQRTPI / 2 * integrate(half, p);
}

double mpl__hyp2f1_one(double c, double r)
{
    const double p[] = { c, r * r };
    if (!(c > 2 && fabs(r) <= 1))
        return NAN;
    return (c - 1) * integrate(one, p);
}

double mpl__norm2_density(double h, double k, double rho)
{
    const double q = (1 - rho) * (1 + rho);
    return exp(-((h - k) * (h - k) + 2 * h * k * (1 - rho)) / (2 * q)) / (2 * M_PI * sqrt(q));
}

/* exp(-(h^2 - 2hk sin x + k^2)/(2 cos^2 x)), x = angle u; written so that it does not cancel at the end of either
 * sign. p = { h, k, angle } */
static double plackett(double u, double rest, const double *p)
{
    (void)rest;
    const double s = sin(p[2] * u), c = cos(p[2] * u), h = p[0], k = p[1];
    const double apart = s < 0 ? h + k : h - k, together = s < 0 ? -h * k / (1 - s) : h * k / (1 + s);
    return exp(-apart * apart / (2 * c * c) - together);
}

/* Plackett 1954, Biometrika 41:351-360, with rho = sin x. */
double mpl__norm2_excess(double h, double k, double angle)
{
    const double p[] = { h, k, angle };
    if (!(isfinite(h) && isfinite(k) && fabs(angle) <= M_PI_2))
        return NAN;
    return angle * integrate(plackett, p) / (2 * M_PI);
}


/* In z = atanh(rho) the likelihood is about normal. p = { r2, m, n, start, length, log-likelihood at start, power } */
static double r2_likelihood(double u, double rest, const double *p)
{
    (void)rest;
    const double r2 = p[0], m = p[1], n = p[2], z = p[3] + p[4] * u, rho2 = tanh(z) * tanh(z);
    const double f = r2 / m / ((1 - r2) / (n - m - 1)), noncentrality = n * sinh(z) * sinh(z);
    const double density = 2 * tanh(z) / (cosh(z) * cosh(z)); /* d rho2 / dz */
    return exp(dnf(f, m, n - m - 1, noncentrality, 1) - p[5]) * density * pow(rho2 - r2, p[6]) * fabs(p[4]);
}

double mpl__r2_likelihood_variance(double r2, double m, double n)
{
    if (!(r2 > 0 && r2 < 1 && m >= 1 && n > m + 1))
        return NAN;
    const double lowest = atanh(0.01), highest = atanh(sqrt(0.9999));
    const double z = fmin(fmax(atanh(sqrt(r2)), lowest), highest), reach = fmax(12, 60 / sqrt(n)) / sqrt(n);
    const double f = r2 / m / ((1 - r2) / (n - m - 1)), noncentrality = n * sinh(z) * sinh(z);
    const double peak = dnf(f, m, n - m - 1, noncentrality, 1);
    double sum[3];
    for (int i = 0; i < 3; i++) {
        const double down[] = { r2, m, n, z, fmax(lowest - z, -reach), peak, i };
        const double up[] = { r2, m, n, z, fmin(highest - z, reach), peak, i };
        sum[i] = integrate(r2_likelihood, down) + integrate(r2_likelihood, up);
    }
    return sum[2] / sum[0] - (sum[1] / sum[0]) * (sum[1] / sum[0]);
}
