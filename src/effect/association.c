/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Association in a 2x2 table with cells a, b, c, d, N in all: phi, Yule's Q and Y, the tetrachoric correlation. */
#include <math.h>

#include "effect/table2x2.h"
#include "num/dist.h"
#include "num/special.h"

static double total(const mpl__study *s)
{
    return s->n1i + s->n2i;
}

/* Rows fixed by design. Every variable is a count or a proportion of its group. */
static double phi_stratified(const mpl__study *s)
{
    const double n1 = s->n1i, n2 = s->n2i, p1 = s->ai / n1, p2 = s->ci / n2, q1 = s->bi / n1, q2 = s->di / n2;
    const double n = total(s), cross = p2 * q1 + p1 * q2;
    const double sum = 4 * n1 * n1 * n1 * p1 * p1 * p2 * q1 * q1 * q2 + 4 * n2 * n2 * n2 * p1 * p2 * p2 * q1 * q2 * q2 +
                       n1 * n2 * n2 * p2 * q2 * cross * (p2 * q1 + p1 * (4 * q1 + q2)) +
                       n1 * n1 * n2 * p1 * q1 * cross * (p1 * q2 + p2 * (q1 + 4 * q2));
    const double events = s->ai + s->ci, rest = s->bi + s->di;
    return n * n * sum / (4 * events * events * events * rest * rest * rest);
}

static void phi(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double n = total(s), events = s->ai + s->ci, rest = s->bi + s->di;
    const double y = (s->ai * s->di - s->bi * s->ci) / sqrt(s->n1i * s->n2i * events * rest);
    e->yi = y;
    e->ni = n;
    if (how->vtype == MPL__ST) {
        e->vi = phi_stratified(s);
        return;
    }
    /* multinomial sampling (Yule 1912); r and c are the imbalances of rows and columns */
    const double r = (s->n1i - s->n2i) / n, c = (events - rest) / n;
    const double rr = s->n1i * s->n2i / (n * n), cc = events * rest / (n * n);
    e->vi = (1 - y * y + y * (1 + y * y / 2) * r * c / sqrt(rr * cc) - 0.75 * y * y * (r * r / rr + c * c / cc)) / n;
}

static double inverse_cells(const mpl__study *s)
{
    return 1 / s->ai + 1 / s->bi + 1 / s->ci + 1 / s->di;
}

static void yuq(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double ad = s->ai * s->di, bc = s->bi * s->ci;
    e->yi = (ad - bc) / (ad + bc);
    e->vi = mpl__sq(1 - e->yi * e->yi) * inverse_cells(s) / 4;
    e->ni = total(s);
}

/* (sqrt ad - sqrt bc)/(sqrt ad + sqrt bc), free of cancellation near 0. */
static void yuy(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double ad = s->ai * s->di, bc = s->bi * s->ci;
    e->yi = (ad - bc) / mpl__sq(sqrt(ad) + sqrt(bc));
    e->vi = mpl__sq(1 - e->yi * e->yi) * inverse_cells(s) / 16;
    e->ni = total(s);
}

/*
 * Correlation of the bivariate normal that gives the table when cut at h and k: its excess over independence equals
 * the table's, (ad - bc)/N^2. Newton's method on the angle whose sine it is, inside a bracket.
 */
static double tetrachoric(double h, double k, double excess)
{
    double lo = excess < 0 ? -M_PI_2 : 0, hi = excess < 0 ? 0 : M_PI_2, angle = (lo + hi) / 2;
    for (int i = 0; i < 200; i++) {
        const double miss = mpl__norm2_excess(h, k, angle) - excess, c = cos(angle);
        const double slope = mpl__norm2_density(h, k, sin(angle)) * c;
        if (miss == 0)
            break;
        *(miss > 0 ? &hi : &lo) = angle;
        double next = angle - miss / slope;
        if (!(next > lo && next < hi))
            next = (lo + hi) / 2;
        if (fabs(next - angle) <= 4e-16 * fabs(angle))
            break;
        angle = next;
    }
    return sin(angle);
}

/*
 * Variance of rho: first element of the inverse of the observed information of (rho, h, k) in the multinomial
 * likelihood sum n_ij ln p_ij. g and H are first and second derivatives of p_11 = Phi2(h, k; rho).
 */
static double tetrachoric_variance(const mpl__study *s, double rho, double h, double k)
{
    const double q = (1 - rho) * (1 + rho), f = mpl__norm2_density(h, k, rho), fh = mpl__norm_density(h);
    const double fk = mpl__norm_density(k), a = mpl__norm_p((k - rho * h) / sqrt(q), MPL__LOWER);
    const double b = mpl__norm_p((h - rho * k) / sqrt(q), MPL__LOWER), ph = mpl__norm_p(h, MPL__LOWER);
    const double pk = mpl__norm_p(k, MPL__LOWER), p = ph * pk + mpl__norm2_excess(h, k, asin(rho));
    const double g[3] = { f, fh * a, fk * b };
    const double row[3] = { 0, fh, 0 }, column[3] = { 0, 0, fk }; /* derivatives of the margins */
    const double curve_row[3] = { 0, -h * fh, 0 }, curve_column[3] = { 0, 0, -k * fk };
    const double hh[3][3] = {
        { f * (rho / q + (h * k * (1 + rho * rho) - rho * (h * h + k * k)) / (q * q)), -f * (h - rho * k) / q,
          -f * (k - rho * h) / q },
        { -f * (h - rho * k) / q, -h * fh * a - rho * f, f },
        { -f * (k - rho * h) / q, f, -k * fk * b - rho * f },
    };
    const double count[4] = { s->ai, s->bi, s->ci, s->di };
    const double prob[4] = { p, ph - p, pk - p, 1 - ph - pk + p };
    double info[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const double di[4] = { g[i], row[i] - g[i], column[i] - g[i], g[i] - row[i] - column[i] };
            const double dj[4] = { g[j], row[j] - g[j], column[j] - g[j], g[j] - row[j] - column[j] };
            const double r = i == j ? curve_row[i] : 0, c = i == j ? curve_column[i] : 0, x = hh[i][j];
            const double dd[4] = { x, r - x, c - x, x - r - c };
            info[i][j] = 0;
            for (int cell = 0; cell < 4; cell++)
                if (count[cell] > 0)
                    info[i][j] += count[cell] / prob[cell] * (di[cell] * dj[cell] / prob[cell] - dd[cell]);
        }
    const double minor = info[1][1] * info[2][2] - info[1][2] * info[2][1];
    const double det = info[0][0] * minor - info[0][1] * (info[1][0] * info[2][2] - info[1][2] * info[2][0]) +
                       info[0][2] * (info[1][0] * info[2][1] - info[1][1] * info[2][0]);
    return minor / det;
}

/* With an empty cell the likelihood has its maximum at 1 or -1, where it is too flat or too steep for a variance. */
static void rtet(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double n = total(s);
    const double h = mpl__norm_q(s->n1i / n, MPL__LOWER), k = mpl__norm_q((s->ai + s->ci) / n, MPL__LOWER);
    e->ni = n;
    e->why = "the tetrachoric correlation of a table with an empty cell is at its limit and has no variance";
    if (mpl__zeros_2x2.has(s))
        return;
    e->yi = tetrachoric(h, k, (s->ai / n * s->di - s->bi / n * s->ci) / n);
    e->vi = tetrachoric_variance(s, e->yi, h, k);
}

/* Fisher's z by the delta method. */
static void to_z(mpl__effect *e)
{
    e->why = "Fisher's z of a correlation of 1 or -1 is infinite";
    e->vi /= mpl__sq(1 - fmin(e->yi * e->yi, 1));
    e->yi = atanh(e->yi);
}

static void zphi(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    phi(s, how, e);
    to_z(e);
}

static void ztet(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    rtet(s, how, e);
    const char *const why = e->why;
    to_z(e);
    e->why = why;
}

#define TABLE_2X2 .family = "2x2 tables", MPL__ROUTES(mpl__routes_2x2)
#define COUNTS    .as = "n1i:whole n2i:whole", .zeros = &mpl__zeros_2x2

const mpl__measure mpl__measure_PHI = {
    .pub = { .method = { .id = "PHI", .title = "phi coefficient", .cite = "Yule 1912, J R Stat Soc 75:579-652" },
             TABLE_2X2, .label = "Correlation", .scale = "phi coefficient", .vtypes = "CS ST" },
    COUNTS, .compute = phi,
};

const mpl__measure mpl__measure_ZPHI = {
    .pub = { .method = { .id = "ZPHI", .title = "Fisher's z of the phi coefficient",
                         .cite = "Yule 1912, J R Stat Soc 75:579-652" },
             TABLE_2X2, .label = "Correlation", .scale = "Fisher's z of phi", .vtypes = "CS ST",
             .transform = &mpl__transform_tanh },
    COUNTS, .compute = zphi,
};

const mpl__measure mpl__measure_YUQ = {
    .pub = { .method = { .id = "YUQ", .title = "Yule's Q", .cite = "Yule 1900, Philos Trans R Soc A 194:257-319" },
             TABLE_2X2, .label = "Yule's Q", .scale = "Yule's Q" },
    COUNTS, .compute = yuq, .add = 0.5,
};

const mpl__measure mpl__measure_YUY = {
    .pub = { .method = { .id = "YUY", .title = "Yule's Y", .cite = "Yule 1912, J R Stat Soc 75:579-652" },
             TABLE_2X2, .label = "Yule's Y", .scale = "Yule's Y" },
    COUNTS, .compute = yuy, .add = 0.5,
};

const mpl__measure mpl__measure_RTET = {
    .pub = { .method = { .id = "RTET", .title = "tetrachoric correlation",
                         .cite = "Pearson 1900, Philos Trans R Soc A 195:1-47; Tallis 1962, Biometrics 18:342-353" },
             TABLE_2X2, .label = "Correlation", .scale = "tetrachoric correlation" },
    COUNTS, .compute = rtet,
};

const mpl__measure mpl__measure_ZTET = {
    .pub = { .method = { .id = "ZTET", .title = "Fisher's z of the tetrachoric correlation",
                         .cite = "Pearson 1900, Philos Trans R Soc A 195:1-47; Tallis 1962, Biometrics 18:342-353" },
             TABLE_2X2, .label = "Correlation", .scale = "Fisher's z of the tetrachoric correlation",
             .transform = &mpl__transform_tanh },
    COUNTS, .compute = ztet,
};
