/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariances of effects of the same study: by a working structure, or through a shared control group. */
#include <metapool/convert.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/note.h"
#include "base/number.h"
#include "effect/convert/given.h"
#include "effect/convert/shared_control.h"
#include "effect/convert/sharing.h"
#include "num/chol.h"

static const mpl_option table[] = {
    { .name = "cluster", MPL_MEMBER(TEXT, mpl_covariance_options, cluster), .arg = "COLUMN",
      .help = "column that names the study; otherwise the study label", .since = "0.1.0" },
    { .name = "struct", MPL_MEMBER(CHOICE, mpl_covariance_options, structure), .choice = mpl_structure_method,
      .arg = "ID", .dflt = "CS", .help = "how effects of one study are correlated", .since = "0.1.0" },
    { .name = "rho", MPL_MEMBER(MAYBE, mpl_covariance_options, rho), .min = -1, .max = 1, .arg = "R",
      .help = "correlation of two effects of a study", .since = "0.1.0" },
    { .name = "rho-type", MPL_MEMBER(MAYBE, mpl_covariance_options, rho_type), .min = -1, .max = 1, .arg = "R",
      .help = "correlation of effects of different type", .since = "0.1.0" },
    { .name = "phi", MPL_MEMBER(MAYBE, mpl_covariance_options, phi), .min = -1, .max = 1, .arg = "R",
      .help = "correlation one unit of time apart", .since = "0.1.0" },
    { .name = "obs", MPL_MEMBER(TEXT, mpl_covariance_options, obs), .arg = "COLUMN",
      .help = "column that names the outcome", .since = "0.1.0" },
    { .name = "type", MPL_MEMBER(TEXT, mpl_covariance_options, type), .arg = "COLUMN",
      .help = "column that names the kind of outcome", .since = "0.1.0" },
    { .name = "time", MPL_MEMBER(TEXT, mpl_covariance_options, time), .arg = "COLUMN",
      .help = "column with the time of measurement", .since = "0.1.0" },
    { .name = "time2", MPL_MEMBER(TEXT, mpl_covariance_options, time2), .arg = "COLUMN",
      .help = "column with the time of the second group's measurement", .since = "0.1.0" },
    { .name = "group1", MPL_MEMBER(TEXT, mpl_covariance_options, group1), .arg = "COLUMN",
      .help = "column that names group 1", .since = "0.1.0" },
    { .name = "group2", MPL_MEMBER(TEXT, mpl_covariance_options, group2), .arg = "COLUMN",
      .help = "column that names group 2", .since = "0.1.0" },
    { .name = "weight1", MPL_MEMBER(TEXT, mpl_covariance_options, weight1), .arg = "COLUMN",
      .help = "column with the size of group 1", .since = "0.1.0" },
    { .name = "weight2", MPL_MEMBER(TEXT, mpl_covariance_options, weight2), .arg = "COLUMN",
      .help = "column with the size of group 2", .since = "0.1.0" },
    { .name = "rvars", MPL_MEMBER(TEXT, mpl_covariance_options, rvars), .arg = "COLUMN,...",
      .help = "columns with the correlations of a study's effects: as many as its rows, a row per effect",
      .since = "0.1.0" },
    { .name = "vvars", MPL_MEMBER(TEXT, mpl_covariance_options, vvars), .arg = "COLUMN,...",
      .help = "columns with their covariances, in the same way", .since = "0.1.0" },
    { .name = "shared-control", MPL_MEMBER(FLAG, mpl_covariance_options, shared_control),
      .help = "rows of a study with the same group 2 share it", .since = "0.1.0" },
    { .name = "unweighted", MPL_MEMBER(FLAG, mpl_covariance_options, unweighted),
      .help = "aggregate by simple means", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_covariance_option_table(void)
{
    return table;
}

enum {
#define MPL_STRUCTURE(id_, title_, cite_) STRUCTURE_##id_,
#include "effect/convert/structures.def"
#undef MPL_STRUCTURE
};

static const mpl_method structures[] = {
#define MPL_STRUCTURE(id_, title_, cite_) { .id = #id_, .title = title_, .cite = cite_ },
#include "effect/convert/structures.def"
#undef MPL_STRUCTURE
};

const mpl_method *mpl_structure_method(size_t i)
{
    return i < sizeof structures / sizeof *structures ? &structures[i] : NULL;
}

/* Everything a pair of effects is judged by. Columns are NULL where the options name none. */
typedef struct setting {
    const mpl_dataset *data, *v;
    mpl__matrix matrix;        /* of structure V */
    mpl__given_blocks blocks;  /* of structures RVARS, VVARS */
    const mpl_effects *effects;
    const mpl_covariance_options *options;
    size_t structure;
    const mpl_column *cluster, *obs, *type, *time, *time2, *group1, *group2, *weight1, *weight2;
    const mpl__shared_formula *formula;
    mpl__control control;
} setting;

/* Every row of the effects must have a value: a missing one is no value of its own. */
static mpl_status find_column(const setting *s, const char *option, const char *name, bool is_number,
                              const mpl_column **out, mpl_error *err)
{
    *out = NULL;
    if (!name)
        return MPL_OK;
    MPL_TRY(mpl__within(err, mpl_dataset_get(s->data, name, out, err), "--%s", option));
    if (is_number)
        MPL_TRY(mpl_column_check_number(s->data, *out, err));
    for (size_t i = 0; i < s->effects->k; i++) {
        const size_t row = s->effects->index[i];
        char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
        if (!(*out)->text[row])
            return mpl__fail_at(err, MPL_ERR_DATA, s->data->line[row], 0,
                                "study %s: column \"%s\" of --%s is missing", mpl_text_to_shown(s->data->label[row], x),
                                mpl_text_to_shown(name, y), option);
    }
    return MPL_OK;
}

static mpl_status find_columns(setting *s, mpl_error *err)
{
    const mpl_covariance_options *o = s->options;
    MPL_TRY(find_column(s, "cluster", o->cluster, false, &s->cluster, err));
    MPL_TRY(find_column(s, "obs", o->obs, false, &s->obs, err));
    MPL_TRY(find_column(s, "type", o->type, false, &s->type, err));
    MPL_TRY(find_column(s, "time", o->time, true, &s->time, err));
    MPL_TRY(find_column(s, "time2", o->time2, true, &s->time2, err));
    MPL_TRY(find_column(s, "group1", o->group1, false, &s->group1, err));
    MPL_TRY(find_column(s, "group2", o->group2, false, &s->group2, err));
    MPL_TRY(find_column(s, "weight1", o->weight1, true, &s->weight1, err));
    return find_column(s, "weight2", o->weight2, true, &s->weight2, err);
}

static mpl_status need(bool given, const char *what, const char *option, mpl_error *err)
{
    return given ? MPL_OK : mpl__fail(err, MPL_ERR_ARG, "%s needs --%s", what, option);
}

static mpl_status check_options(setting *s, mpl_error *err)
{
    const mpl_covariance_options *o = s->options;
    const bool vcalc = s->structure == STRUCTURE_VCALC, car = s->structure == STRUCTURE_CAR;
    if (s->structure == STRUCTURE_CS || (vcalc && o->obs))
        MPL_TRY(need(o->rho.given, vcalc ? "--obs" : "--struct CS", "rho", err));
    if (vcalc && o->type)
        MPL_TRY(need(o->rho_type.given, "--type", "rho-type", err));
    if (car || (vcalc && o->time))
        MPL_TRY(need(o->phi.given, car ? "--struct CAR" : "--time", "phi", err));
    if (car)
        MPL_TRY(need(o->time != NULL, "--struct CAR", "time", err));
    if (vcalc && o->group2)
        MPL_TRY(need(o->group1 != NULL, "--group2", "group1", err));
    if (vcalc && o->weight2)
        MPL_TRY(need(o->weight1 != NULL, "--weight2", "weight1", err));
    if (vcalc && o->time2)
        MPL_TRY(need(o->time != NULL, "--time2", "time", err));
    if (s->structure == STRUCTURE_V && !s->v)
        return mpl__fail(err, MPL_ERR_ARG, "--struct V needs a matrix, by --v");
    if (s->structure != STRUCTURE_V && s->v)
        return mpl__fail(err, MPL_ERR_ARG, "--v is for --struct V, not %s", o->structure);
    MPL_TRY(need(s->structure != STRUCTURE_RVARS || o->rvars, "--struct RVARS", "rvars", err));
    MPL_TRY(need(s->structure != STRUCTURE_VVARS || o->vvars, "--struct VVARS", "vvars", err));
    if ((s->structure != STRUCTURE_RVARS && o->rvars) || (s->structure != STRUCTURE_VVARS && o->vvars))
        return mpl__fail(err, MPL_ERR_ARG, "--%s is not for --struct %s", o->rvars ? "rvars" : "vvars", o->structure);
    if (!o->shared_control)
        return MPL_OK;
    s->formula = mpl__shared_find(s->effects->measure->method.id);
    if (!s->formula)
        return mpl__fail(err, MPL_ERR_DATA,
                         "no formula for a shared control group with measure %s: give a correlation by --rho instead",
                         s->effects->measure->method.id);
    return mpl__control_open(s->data, s->options->group2, &s->control, err);
}

/* phi^|t - u|, where no time means the same time. */
static double autocorrelation(const setting *s, double t, double u)
{
    return t == u ? 1 : pow(s->options->phi.value, fabs(t - u));
}

static const char *cluster_name(const setting *s, size_t i)
{
    return s->cluster ? s->cluster->text[s->effects->index[i]] : s->effects->slab[i];
}

static const char *text_at(const mpl_column *c, size_t row, const char *otherwise)
{
    return c ? c->text[row] : otherwise;
}

static double number_at(const mpl_column *c, size_t row, double otherwise)
{
    return c ? c->number[row] : otherwise;
}

/* One side of a comparison: whose scores, when, and one over their number. */
typedef struct side {
    const char *group;
    double time, share;
} side;

static void sides(const setting *s, size_t row, side out[2])
{
    const double w1 = number_at(s->weight1, row, 1), t1 = number_at(s->time, row, 0);
    out[0] = (side){ text_at(s->group1, row, "1"), t1, 1 / w1 };
    out[1] = (side){ text_at(s->group2, row, "2"), number_at(s->time2, row, t1),
                     1 / number_at(s->weight2, row, w1) };
}

static double product(const setting *s, const side *a, const side *b)
{
    return strcmp(a->group, b->group) ? 0 : autocorrelation(s, a->time, b->time) * sqrt(a->share * b->share);
}

/* Correlation of differences between groups whose members have variance 1: metafor's vcalc. */
static double vcalc_correlation(const setting *s, size_t i, size_t j)
{
    side a[2], b[2];
    sides(s, i, a);
    sides(s, j, b);
    const double same = product(s, &a[0], &b[0]) - product(s, &a[0], &b[1]) - product(s, &a[1], &b[0]) +
                        product(s, &a[1], &b[1]);
    const double va = a[0].share + a[1].share - 2 * product(s, &a[0], &a[1]);
    const double vb = b[0].share + b[1].share - 2 * product(s, &b[0], &b[1]);
    double outcome = 1;
    if (s->type && strcmp(s->type->text[i], s->type->text[j]))
        outcome = s->options->rho_type.value;
    else if (s->obs && strcmp(s->obs->text[i], s->obs->text[j]))
        outcome = s->options->rho.value;
    return outcome * same / sqrt(va * vb);
}

static double correlation(const setting *s, size_t i, size_t j)
{
    switch (s->structure) {
    case STRUCTURE_CS:
        return s->options->rho.value;
    case STRUCTURE_CAR:
        return autocorrelation(s, s->time->number[i], s->time->number[j]);
    case STRUCTURE_VCALC:
        return vcalc_correlation(s, i, j);
    default:
        return 0;
    }
}

static double raw(const setting *s, const char *role, size_t row)
{
    const mpl_column *c = mpl_dataset_find(s->data, role);
    return c && c->role && !strcmp(c->role, role) ? c->number[row] : NAN;
}

/* Covariance through a shared control group; `all` counts the members of the study. */
static mpl_status shared_covariance(const setting *s, size_t i, size_t j, double all, double *out, mpl_error *err)
{
    const mpl_effects *e = s->effects;
    const size_t row = e->index[i];
    const mpl_maybe add = e->options.add;
    char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
    const mpl__shared shared = {
        .n2i = raw(s, "n2i", row), .m2i = raw(s, "m2i", row), .sd2i = raw(s, "sd2i", row), .ci = raw(s, "ci", row),
        .di = raw(s, "di", row), .x2i = raw(s, "x2i", row), .y1 = e->yi[i], .y2 = e->yi[j], .all = all,
        .add = e->corrected && e->corrected[i] ? (add.given ? add.value : 0.5) : 0,
    };
    *out = s->formula->covariance(&shared);
    return isfinite(*out) ? MPL_OK
                          : mpl__fail(err, MPL_ERR_DATA,
                                      "studies %s and %s: too little is reported of the control group they share",
                                      mpl_text_to_shown(e->slab[i], x), mpl_text_to_shown(e->slab[j], y));
}

static bool share(const setting *s, size_t i, size_t j)
{
    return s->formula && mpl__control_same(&s->control, s->effects->index[i], s->effects->index[j]);
}

/* The control group once, and every group that is compared with it. */
static double members(const setting *s, const mpl_cluster *c, size_t i)
{
    double n = raw(s, "n2i", s->effects->index[i]);
    for (size_t b = 0; b < c->n; b++)
        if (c->index[b] == i || share(s, i, c->index[b]))
            n += raw(s, "n1i", s->effects->index[c->index[b]]);
    return n;
}

/* Of effects i and j of one study; their variance, if they are the same. */
static mpl_status structured(const setting *s, size_t i, size_t j, double *out, mpl_error *err)
{
    const mpl_effects *e = s->effects;
    double r = 1;
    switch (s->structure) {
    case STRUCTURE_V:
        *out = mpl__matrix_at(&s->matrix, i, j);
        return MPL_OK;
    case STRUCTURE_VVARS:
        return mpl__given_blocks_at(&s->blocks, e->index[i], e->index[j], out, err);
    case STRUCTURE_RVARS:
        MPL_TRY(mpl__given_blocks_at(&s->blocks, e->index[i], e->index[j], &r, err));
        break;
    default:
        r = i == j ? 1 : correlation(s, e->index[i], e->index[j]);
    }
    *out = i == j ? e->vi[i] : sqrt(e->vi[i] * e->vi[j]) * r;
    return MPL_OK;
}

static mpl_status fill_cluster(const setting *s, mpl_cluster *c, double *v, size_t *n_shared, mpl_error *err)
{
    for (size_t a = 0; a < c->n; a++) {
        const size_t i = c->index[a];
        for (size_t b = 0; b <= a; b++) {
            const size_t j = c->index[b];
            double cov;
            MPL_TRY(structured(s, i, j, &cov, err));
            if (a != b && share(s, i, j)) {
                MPL_TRY(shared_covariance(s, i, j, members(s, c, i), &cov, err));
                ++*n_shared;
            }
            v[a * c->n + b] = v[b * c->n + a] = cov;
        }
    }
    c->v = v;
    return MPL_OK;
}

/* Nothing that is given may be lost: effects of different clusters are independent. */
static mpl_status check_between(const setting *s, const size_t *cluster_of, mpl_error *err)
{
    const mpl_effects *e = s->effects;
    char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
    for (size_t j = 0; j < e->k; j++)
        for (size_t i = j + 1; i < e->k; i++)
            if (cluster_of[i] != cluster_of[j] && mpl__matrix_at(&s->matrix, i, j) != 0)
                return mpl__fail(err, MPL_ERR_DATA,
                                 "the matrix has a covariance of effects %zu and %zu, which are of two clusters: %s "
                                 "and %s; --cluster COLUMN names the clusters", j + 1, i + 1,
                                 mpl_text_to_shown(cluster_name(s, j), x), mpl_text_to_shown(cluster_name(s, i), y));
    return MPL_OK;
}

static mpl_status open_given(setting *s, const size_t *cluster_of, mpl__arena *scratch, mpl_error *err)
{
    const mpl_covariance_options *o = s->options;
    if (s->structure == STRUCTURE_V) {
        MPL_TRY(mpl__matrix_open(s->v, s->data, s->effects, scratch, &s->matrix, err));
        return check_between(s, cluster_of, err);
    }
    if (!o->rvars && !o->vvars)
        return MPL_OK;
    return mpl__given_blocks_open(s->data, o->rvars ? o->rvars : o->vvars, s->cluster, o->rvars != NULL, scratch,
                                  &s->blocks, err);
}

/* Variances that are given may be others than those of the effects. */
static void note_variances(const setting *s, const mpl_covariance *out, mpl__notes *notes)
{
    size_t n = 0, worst = 0;
    double most = 1e-6;
    for (size_t c = 0; c < out->n_clusters; c++)
        for (size_t a = 0; a < out->clusters[c].n; a++) {
            const size_t i = out->clusters[c].index[a];
            const double v = out->clusters[c].v[a * out->clusters[c].n + a];
            const double off = fabs(v - s->effects->vi[i]) / s->effects->vi[i];
            n += off > 1e-6;
            worst = off > most ? i : worst;
            most = fmax(off, most);
        }
    char x[MPL_SHOWN_SIZE], percent[MPL__NUMBER_SIZE];
    mpl__number_write(round(1000 * most) / 10, percent);
    if (n)
        mpl__note_add(notes, "variances-given", "%zu variance%s on the diagonal of what is given differ%s from those "
                      "of the effects, most in study %s, by %s%%; those given are used", n, n == 1 ? "" : "s",
                      n == 1 ? "s" : "", mpl_text_to_shown(s->effects->slab[worst], x), percent);
}

static mpl_status make_clusters(setting *s, mpl_covariance *out, mpl__arena *keep, mpl__arena *scratch,
                                mpl_error *err)
{
    const mpl_effects *e = s->effects;
    const char **name = MPL_NEW(scratch, const char *, e->k);
    mpl__clusters found;
    for (size_t i = 0; name && i < e->k; i++)
        name[i] = cluster_name(s, i);
    MPL_TRY(name ? mpl__clusters_new(name, e->k, scratch, &found, err) : mpl__fail_nomem(err, "clusters"));
    MPL_TRY(open_given(s, found.id, scratch, err));
    mpl_cluster *clusters = MPL_NEW(keep, mpl_cluster, found.n);
    out->clusters = clusters;
    out->n_clusters = found.n;
    mpl__notes notes = { .arena = keep };
    for (size_t c = 0; clusters && c < found.n; c++) {
        const size_t n = found.size[c];
        size_t *index = MPL_NEW(keep, size_t, n);
        double *v = MPL_NEW(keep, double, n * n), *work = MPL_NEW(scratch, double, n * n);
        clusters[c] = (mpl_cluster){ .name = mpl__arena_copy(keep, found.name[c]), .n = n, .index = index };
        if (!index || !v || !work || !clusters[c].name)
            return mpl__fail_nomem(err, "covariances");
        memcpy(index, found.rows + found.start[c], n * sizeof *index);
        MPL_TRY(fill_cluster(s, &clusters[c], v, &out->n_shared, err));
        memcpy(work, v, n * n * sizeof *v);
        clusters[c].positive_definite = mpl__cholesky(work, n);
        if (!clusters[c].positive_definite)
            mpl__note_add(&notes, "not-positive-definite",
                          "the covariances of cluster %s are not positive definite: no such effects can exist",
                          clusters[c].name);
    }
    if (clusters)
        note_variances(s, out, &notes);
    out->n_notes = notes.n;
    out->notes = notes.items;
    return clusters && !notes.failed ? MPL_OK : mpl__fail_nomem(err, "covariances");
}

static mpl_status describe(const setting *s, mpl_covariance *out, mpl__arena *keep, mpl_error *err)
{
    const mpl_effects *e = s->effects;
    double *vi = MPL_NEW(keep, double, e->k);
    size_t *row = MPL_NEW(keep, size_t, e->k);
    const char **slab = MPL_NEW(keep, const char *, e->k);
    bool ok = vi && row && slab;
    for (size_t i = 0; ok && i < e->k; i++) {
        row[i] = e->row[i];
        slab[i] = mpl__arena_copy(keep, e->slab[i]);
        ok = slab[i] != NULL;
    }
    for (size_t c = 0; ok && c < out->n_clusters; c++)
        for (size_t a = 0; a < out->clusters[c].n; a++)
            vi[out->clusters[c].index[a]] = out->clusters[c].v[a * (out->clusters[c].n + 1)];
    out->column = mpl__arena_copy(keep, s->cluster ? s->cluster->name : "slab");
    out->k = e->k;
    out->vi = vi;
    out->row = row;
    out->slab = slab;
    out->structure = &structures[s->structure];
    out->options = *s->options;
    out->options.structure = out->structure->id;
    for (const mpl_option *o = table; ok && o->name; o++) {
        const char **const text = (const char **)((char *)&out->options + o->offset);
        if (o->kind == MPL_OPTION_TEXT && *text)
            ok = (*text = mpl__arena_copy(keep, *text)) != NULL;
    }
    out->arena = keep;
    return ok && out->column ? MPL_OK : mpl__fail_nomem(err, "covariances");
}

mpl_status mpl_covariance_new(const mpl_dataset *data, const mpl_effects *effects, const mpl_dataset *v,
                              const mpl_covariance_options *options, mpl_covariance **out, mpl_error *err)
{
    *out = NULL;
    mpl_covariance_options o = options ? *options : (mpl_covariance_options){ 0 };
    if (!o.structure && (v || o.rvars || o.vvars || !o.rho.given))
        o.structure = v ? "V" : o.rvars ? "RVARS" : o.vvars ? "VVARS" : "ID";
    MPL_TRY(mpl_options_resolve(table, &o, sizeof o, NULL, err));
    setting s = { .data = data, .v = v, .effects = effects, .options = &o };
    while (strcmp(structures[s.structure].id, o.structure))
        s.structure++;
    MPL_TRY(check_options(&s, err));
    MPL_TRY(find_columns(&s, err));
    mpl__arena *keep = mpl__arena_new(), *scratch = mpl__arena_new();
    mpl_covariance *made = MPL_NEW(keep, mpl_covariance, 1);
    mpl_status status = made && scratch ? make_clusters(&s, made, keep, scratch, err)
                                        : mpl__fail_nomem(err, "covariances");
    if (status == MPL_OK)
        status = describe(&s, made, keep, err);
    mpl__arena_free(scratch);
    if (status == MPL_OK)
        *out = made;
    else
        mpl__arena_free(keep);
    return status;
}

void mpl_covariance_free(mpl_covariance *covariance)
{
    if (covariance)
        mpl__arena_free(covariance->arena);
}
