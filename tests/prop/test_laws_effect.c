/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Laws of effect measures: what must happen to yi and vi when the data are swapped, scaled or turned round.
 *
 * A row of the table says for some measures: after `change`, yi becomes a yi + b and vi becomes v vi, under every
 * variance type. Every measure of the registry must be in some row.
 */
#include <metapool/effect.h>

#include "check.h"
#include "effect_table.h"
#include "effect/measure.h"

enum { N_STUDIES = 6 };

/* Numbers from 1 to `most`, the same in every run (Park & Miller 1988). */
static double dice(double most)
{
    static unsigned long state = 20240229;
    state = state * 48271 % 2147483647;
    return 1 + floor((double)state / 2147483647.0 * most);
}

/* Plausible inputs of one study; roles that a shape does not name stay missing. */
static void draw_table(mpl__study *s)
{
    s->ai = dice(40);
    s->bi = dice(60);
    s->ci = dice(40);
    s->di = dice(60);
}

static void draw_occasions(mpl__study *s)
{
    s->ai = 10 + dice(30);
    s->bi = 60 - s->ai;
    s->ci = 10 + dice(30);
    s->di = 60 - s->ci;
    s->ri = dice(8) / 10;
}

static void draw_genotypes(mpl__study *s)
{
    s->ai = dice(50);
    s->bi = dice(50);
    s->ci = dice(50);
}

static void draw_rates(mpl__study *s)
{
    s->x1i = s->xi = dice(60);
    s->x2i = dice(60);
    s->t1i = s->ti = 100 + dice(900) / 8;
    s->t2i = 100 + dice(900) / 8;
}

static void draw_proportion(mpl__study *s)
{
    s->xi = dice(60);
    s->ni = s->xi + dice(60);
}

static void draw_means(mpl__study *s)
{
    s->m1i = 20 + dice(200) / 8;
    s->m2i = 20 + dice(200) / 8;
    s->sd1i = 8 + dice(100) / 8;
    s->sd2i = 8 + dice(100) / 8;
    s->n1i = 4 + dice(60);
    s->n2i = 4 + dice(60);
}

static void draw_change(mpl__study *s)
{
    draw_means(s);
    s->n1i = s->n2i = NAN;
    s->ni = 5 + dice(60);
    s->ri = (dice(180) - 90) / 100;
}

static void draw_mean(mpl__study *s)
{
    s->mi = 20 + dice(200) / 8;
    s->sdi = dice(100) / 8;
    s->ni = 4 + dice(60);
}

static void draw_correlation(mpl__study *s)
{
    s->ri = (dice(180) - 90) / 100;
    s->ni = 10 + dice(200);
}

static void draw_regression(mpl__study *s)
{
    s->mi = dice(6);
    s->ni = 15 + dice(200);
    s->r2i = dice(80) / 100;
    s->ri = sqrt(s->r2i) * (dice(18) - 9) / 10;
}

static void draw_area(mpl__study *s)
{
    s->ai = dice(99) / 100;
    s->n1i = 4 + dice(60);
    s->n2i = 4 + dice(60);
}

static void draw_alpha(mpl__study *s)
{
    s->ai = dice(95) / 100;
    s->mi = 1 + dice(20);
    s->ni = 10 + dice(200);
}

static void draw_logrank(mpl__study *s)
{
    s->oei = dice(40) - 20;
    s->ovi = dice(80) / 4;
}

static void draw_reported(mpl__study *s)
{
    s->yi = (dice(200) - 100) / 64;
    s->vi = dice(50) / 64;
}

/* Changes of one study. */
static void swap(double *a, double *b)
{
    const double t = *a;
    *a = *b;
    *b = t;
}

static void swap_groups(mpl__study *s)
{
    swap(&s->ai, &s->ci);
    swap(&s->bi, &s->di);
    swap(&s->n1i, &s->n2i);
    swap(&s->m1i, &s->m2i);
    swap(&s->sd1i, &s->sd2i);
    swap(&s->x1i, &s->x2i);
    swap(&s->t1i, &s->t2i);
}

static void swap_area(mpl__study *s)
{
    s->ai = 1 - s->ai;
    swap(&s->n1i, &s->n2i);
}

static void complement(mpl__study *s)
{
    swap(&s->ai, &s->bi);
    swap(&s->ci, &s->di);
    s->xi = s->ni - s->xi;
}

static void transpose(mpl__study *s)
{
    swap(&s->bi, &s->ci);
}

static void swap_homozygotes(mpl__study *s)
{
    swap(&s->ai, &s->ci);
}

static void double_counts(mpl__study *s)
{
    double *const count[] = { &s->ai, &s->bi, &s->ci, &s->di, &s->xi, &s->ni };
    for (size_t i = 0; i < sizeof count / sizeof *count; i++)
        *count[i] *= 2;
}

static void double_units(mpl__study *s)
{
    double *const measured[] = { &s->m1i, &s->m2i, &s->sd1i, &s->sd2i, &s->mi, &s->sdi };
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++)
        *measured[i] *= 2;
}

static void double_times(mpl__study *s)
{
    s->t1i *= 2;
    s->t2i *= 2;
    s->ti *= 2;
}

static void shift_means(mpl__study *s)
{
    s->m1i += 16;
    s->m2i += 16;
}

static void turn_round(mpl__study *s)
{
    double *const signed_[] = { &s->m1i, &s->m2i, &s->mi, &s->oei, &s->yi };
    for (size_t i = 0; i < sizeof signed_ / sizeof *signed_; i++)
        *signed_[i] = -*signed_[i];
}

static void turn_r(mpl__study *s)
{
    s->ri = -s->ri;
}

static void double_n(mpl__study *s)
{
    s->ni *= 2;
}

static void r2_to_f(mpl__study *s)
{
    s->fi = s->r2i / s->mi / ((1 - s->r2i) / (s->ni - s->mi - 1));
    s->r2i = NAN;
}

/* 1 - alpha eight times as large */
static void spread_alpha(mpl__study *s)
{
    s->ai = 1 - 8 * (1 - s->ai);
}

static void double_information(mpl__study *s)
{
    s->oei *= 2;
    s->ovi *= 2;
}

static void double_effect(mpl__study *s)
{
    s->yi *= 2;
    s->vi *= 4;
}

static const struct law {
    const char *measures;
    void (*draw)(mpl__study *s);
    const char *name;
    void (*change)(mpl__study *s);
    double a, b, v;
} laws[] = {
#define CHANGE(f) #f, f
    { "OR RR RD AS PETO VE VEOR PBIT", draw_table, CHANGE(swap_groups), -1, 0, 1 },
    { "OR2DL OR2DN PHI ZPHI YUQ YUY RTET ZTET", draw_table, CHANGE(swap_groups), -1, 0, 1 },
    { "OR RD AS PETO VEOR PBIT OR2DL OR2DN PHI ZPHI YUQ YUY RTET ZTET", draw_table, CHANGE(complement), -1, 0, 1 },
    { "OR2DL OR2DN YUQ YUY RTET ZTET", draw_table, CHANGE(transpose), 1, 0, 1 },
    { "OR RR AS VE VEOR PBIT OR2DL OR2DN PHI ZPHI YUQ YUY RTET ZTET", draw_table, CHANGE(double_counts), 1, 0, 0.5 },
    { "MPRR MPOR MPRD MPORC MPPETO", draw_table, CHANGE(transpose), -1, 0, 1 },
    { "MPRR MPOR MPRD MPORC MPPETO", draw_table, CHANGE(double_counts), 1, 0, 0.5 },
    { "MPORM", draw_occasions, CHANGE(swap_groups), -1, 0, 1 },
    { "MPORM", draw_occasions, CHANGE(complement), -1, 0, 1 },
    { "IRR IRD IRSD VEIR", draw_rates, CHANGE(swap_groups), -1, 0, 1 },
    { "IRR VEIR", draw_rates, CHANGE(double_times), 1, 0, 1 },
    { "IRD IR", draw_rates, CHANGE(double_times), 0.5, 0, 0.25 },
    { "IRSD IRS IRFT", draw_rates, CHANGE(double_times), M_SQRT1_2, 0, 0.5 },
    { "IRLN", draw_rates, CHANGE(double_times), 1, -M_LN2, 1 },
    { "HR", draw_logrank, CHANGE(turn_round), -1, 0, 1 },
    { "HR", draw_logrank, CHANGE(double_information), 1, 0, 0.5 },
    { "MD SMD SMDH ROM VR CVR RPB ZPB RBIS ZBIS D2ORL D2ORN", draw_means, CHANGE(swap_groups), -1, 0, 1 },
    { "CLESN", draw_means, CHANGE(swap_groups), -1, 1, 1 },
    { "CLES", draw_area, CHANGE(swap_area), -1, 1, 1 },
    { "MD", draw_means, CHANGE(double_units), 2, 0, 4 },
    { "SMD SMDH SMD1 SMD1H ROM VR CVR RPB ZPB RBIS ZBIS D2ORL D2ORN CLESN", draw_means, CHANGE(double_units), 1, 0, 1 },
    { "MD SMD SMDH SMD1 SMD1H VR RPB ZPB RBIS ZBIS D2ORL D2ORN CLESN", draw_means, CHANGE(shift_means), 1, 0, 1 },
    { "MD SMD SMDH SMD1 SMD1H RPB ZPB RBIS ZBIS D2ORL D2ORN", draw_means, CHANGE(turn_round), -1, 0, 1 },
    { "COR UCOR ZCOR SRHO ZSRHO KTAU ZKTAU", draw_correlation, CHANGE(turn_r), -1, 0, 1 },
    { "PCOR ZPCOR SPCOR ZSPCOR", draw_regression, CHANGE(turn_r), -1, 0, 1 },
    { "R2 ZR2 R2F ZR2F", draw_regression, CHANGE(r2_to_f), 1, 0, 1 },
    { "ZR2", draw_regression, CHANGE(double_n), 1, 0, 0.5 },
    { "PR", draw_proportion, CHANGE(complement), -1, 1, 1 },
    { "PLO PRZ", draw_proportion, CHANGE(complement), -1, 0, 1 },
    { "PAS PFT", draw_proportion, CHANGE(complement), -1, M_PI_2, 1 },
    { "PLN PLO PRZ PAS", draw_proportion, CHANGE(double_counts), 1, 0, 0.5 },
    { "MN", draw_mean, CHANGE(double_units), 2, 0, 4 },
    { "MN SMN", draw_mean, CHANGE(turn_round), -1, 0, 1 },
    { "SMN CVLN", draw_mean, CHANGE(double_units), 1, 0, 1 },
    { "MNLN SDLN", draw_mean, CHANGE(double_units), 1, M_LN2, 1 },
    { "MC", draw_change, CHANGE(double_units), 2, 0, 4 },
    { "SMCC SMCR SMCRH SMCRP SMCRPH ROMC VRC CVRC CLESCN", draw_change, CHANGE(double_units), 1, 0, 1 },
    { "MC SMCC SMCRP SMCRPH ROMC VRC CVRC", draw_change, CHANGE(swap_groups), -1, 0, 1 },
    { "CLESCN", draw_change, CHANGE(swap_groups), -1, 1, 1 },
    { "MC SMCC SMCR SMCRH SMCRP SMCRPH", draw_change, CHANGE(turn_round), -1, 0, 1 },
    { "MC SMCC SMCR SMCRH SMCRP SMCRPH VRC CLESCN", draw_change, CHANGE(shift_means), 1, 0, 1 },
    { "ARAW", draw_alpha, CHANGE(spread_alpha), 8, -7, 64 },
    { "AHW", draw_alpha, CHANGE(spread_alpha), 2, -1, 4 },
    { "ABT", draw_alpha, CHANGE(spread_alpha), 1, -3 * M_LN2, 1 },
    { "REH", draw_genotypes, CHANGE(swap_homozygotes), 1, 0, 1 },
    { "REH", draw_genotypes, CHANGE(double_counts), 1, 0, 0.5 },
    { "GEN", draw_reported, CHANGE(double_effect), 2, 0, 4 },
    { "GEN", draw_reported, CHANGE(turn_round), -1, 0, 1 },
#undef CHANGE
};

static const struct input {
    const char *role;
    size_t offset;
} inputs[] = {
#define MPL_INPUT(id, kind) { #id, offsetof(mpl__study, id) },
#include "effect/inputs.def"
#undef MPL_INPUT
};

static void make_table(effect_table *t, const mpl__study *studies)
{
    effect_table_start(t, N_STUDIES);
    for (size_t j = 0; j < sizeof inputs / sizeof *inputs; j++) {
        double number[N_STUDIES];
        bool any = false;
        for (size_t i = 0; i < N_STUDIES; i++) {
            number[i] = *(const double *)((const char *)&studies[i] + inputs[j].offset);
            any |= !isnan(number[i]);
        }
        if (any)
            effect_table_add(t, inputs[j].role, number);
    }
}

static mpl_effects *compute(const mpl__study *studies, const char *measure, const char *vtype, const char *name)
{
    static effect_table t;
    static const double turned[N_STUDIES] = { 1, 0, 1, 1, 0, NAN };
    mpl_effects *e = NULL;
    mpl_error err;
    make_table(&t, studies);
    if (!strcmp(name, "flip")) {
        effect_table_add(&t, "turned", turned);
        t.column[t.data.n_columns - 1].role = NULL;
    }
    const mpl_effect_options options = { .measure = measure, .vtype = vtype,
                                         .flip = strcmp(name, "flip") ? NULL : "turned" };
    CHECK(mpl_effects_new(&t.data, &options, &e, &err) == MPL_OK, "%s %s %s: %s", measure, vtype, name, err.message);
    return e;
}

static void check_close_to(double got, double want, double size, const char *what, const struct law *law,
                           const char *measure, const char *vtype)
{
    const double scale = fmax(fabs(size), fmax(fabs(want), 1e-3));
    CHECK(fabs(got - want) <= 1e-11 * scale, "%s %s, %s: %s is %.17g, not %.17g", measure, vtype, law->name, what, got,
          want);
}

static void check_law(const struct law *law, const char *measure, const char *vtype)
{
    mpl__study before[N_STUDIES], after[N_STUDIES];
    for (size_t i = 0; i < N_STUDIES; i++) {
        for (size_t j = 0; j < sizeof inputs / sizeof *inputs; j++)
            *(double *)((char *)&before[i] + inputs[j].offset) = NAN;
        law->draw(&before[i]);
        after[i] = before[i];
        law->change(&after[i]);
    }
    mpl_effects *const x = compute(before, measure, vtype, law->name);
    mpl_effects *const y = compute(after, measure, vtype, law->name);
    if (x && y && CHECK(x->k == y->k && x->k >= N_STUDIES / 2, "%s %s, %s: %zu and %zu studies: %s", measure, vtype,
                        law->name, x->k, y->k, x->n_excluded ? x->excluded[0].reason : ""))
        for (size_t i = 0; i < x->k; i++) {
            check_close_to(y->yi[i], law->a * x->yi[i] + law->b, x->yi[i], "yi", law, measure, vtype);
            check_close_to(y->vi[i], law->v * x->vi[i], x->vi[i], "vi", law, measure, vtype);
        }
    mpl_effects_free(x);
    mpl_effects_free(y);
}

/* A flipped study is that with its groups swapped, in its effect and in its counts, where there is such a law. */
static void check_flip(const struct law *law, const char *measure, const char *vtype)
{
    mpl__study s[N_STUDIES];
    for (size_t i = 0; i < N_STUDIES; i++) {
        for (size_t j = 0; j < sizeof inputs / sizeof *inputs; j++)
            *(double *)((char *)&s[i] + inputs[j].offset) = NAN;
        law->draw(&s[i]);
    }
    mpl_effects *const x = compute(s, measure, vtype, "as it is"), *const y = compute(s, measure, vtype, "flip");
    for (size_t i = 0; x && y && i < x->k; i++) {
        const bool turn = x->index[i] == 0 || x->index[i] == 2 || x->index[i] == 3;
        CHECK(y->yi[i] == (turn ? -x->yi[i] : x->yi[i]) && y->vi[i] == x->vi[i], "%s %s: flip of study %zu", measure,
              vtype, i);
        const mpl_counts *const a = x->counts, *const b = y->counts;
        if (a && b)
            CHECK((turn ? a->x2 : a->x1)[i] == b->x1[i] && (turn ? a->n1 : a->n2)[i] == b->n2[i],
                  "%s: counts of flipped study %zu", measure, i);
    }
    mpl_effects_free(x);
    mpl_effects_free(y);
}

/* Calls f for each word of a blank-separated list. */
static void each_vtype(const struct law *law, const char *measure, const char *vtypes)
{
    char vtype[16];
    for (const char *p = vtypes; *p; p += strspn(p, " ")) {
        const size_t n = strcspn(p, " ");
        snprintf(vtype, sizeof vtype, "%.*s", (int)n, p);
        check_law(law, measure, vtype);
        if (mpl_measure_find(measure)->null_value == 0)
            check_flip(law, measure, vtype);
        p += n;
    }
}

/* The risk ratio of events says nothing of that of non-events: a law that must not hold. */
static void check_rr(void)
{
    mpl__study s[2][N_STUDIES];
    for (size_t i = 0; i < N_STUDIES; i++) {
        for (size_t j = 0; j < sizeof inputs / sizeof *inputs; j++)
            *(double *)((char *)&s[0][i] + inputs[j].offset) = NAN;
        draw_table(&s[0][i]);
        s[1][i] = s[0][i];
        complement(&s[1][i]);
    }
    mpl_effects *const x = compute(s[0], "RR", "LS", "complement"), *const y = compute(s[1], "RR", "LS", "complement");
    for (size_t i = 0; x && y && i < x->k && i < y->k; i++)
        CHECK(fabs(x->yi[i] + y->yi[i]) > 1e-3, "RR of study %zu is the same for events and non-events", i + 1);
    mpl_effects_free(x);
    mpl_effects_free(y);
}

int main(void)
{
    check_rr();
    for (size_t m = 0; mpl_measure_method(m); m++) {
        const mpl_measure *const measure = mpl_measure_find(mpl_measure_method(m)->id);
        const size_t n = strlen(measure->method.id);
        size_t n_laws = 0;
        for (size_t i = 0; i < sizeof laws / sizeof *laws; i++)
            for (const char *p = laws[i].measures; (p = strstr(p, measure->method.id)); p += n)
                if ((p == laws[i].measures || p[-1] == ' ') && (p[n] == ' ' || !p[n])) {
                    each_vtype(&laws[i], measure->method.id, measure->vtypes ? measure->vtypes : "LS");
                    n_laws++;
                }
        CHECK(n_laws > 0, "%s obeys no law", measure->method.id);
    }
    return check_done();
}
