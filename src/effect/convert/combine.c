/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row per study: from the raw means and counts of its rows. */
#include <metapool/convert.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/convert/rows.h"
#include "effect/convert/sharing.h"

/* Columns of one group: what adds up, and a mean with its standard deviation and size. */
typedef struct arm {
    const char *sums, *mean, *sd, *n;
} arm;

static const arm arms[] = {
    { "ai bi n1i x1i t1i", "m1i", "sd1i", "n1i" },
    { "ci di n2i x2i t2i", "m2i", "sd2i", "n2i" },
    { "xi ni", "mi", "sdi", "ni" },
};

/* The rows of a cluster that count for an arm: of rows that share a control group, the first. */
typedef struct part {
    mpl__frame *frame;
    const mpl__control *control; /* NULL: every row counts */
    const size_t *rows;
    size_t n;
} part;

static bool counts(const part *p, size_t a)
{
    for (size_t b = 0; p->control && b < a; b++)
        if (mpl__control_same(p->control, p->rows[a], p->rows[b]))
            return false;
    return true;
}

static const mpl_column *with_role(const mpl_dataset *data, const char *role, size_t n)
{
    for (size_t c = 0; c < data->n_columns; c++)
        if (data->columns[c].role && strlen(data->columns[c].role) == n && !memcmp(data->columns[c].role, role, n))
            return &data->columns[c];
    return NULL;
}

/* A missing number in one of the rows leaves the whole unknown. */
static void add_up(const part *p, const mpl_column *c, size_t to)
{
    double sum = 0;
    for (size_t a = 0; a < p->n; a++)
        if (counts(p, a))
            sum += c->number[p->rows[a]];
    mpl__frame_number(p->frame, (size_t)(c - p->frame->from->columns), to, sum);
}

/* Groups taken as one: squares within, and between their means and the common one. */
static void pool_means(const part *p, const mpl_column *mean, const mpl_column *sd, const mpl_column *n, size_t to)
{
    double all = 0, m = 0, squares = 0;
    for (size_t a = 0; a < p->n; a++) {
        const size_t i = p->rows[a];
        if (!counts(p, a))
            continue;
        const double size = n->number[i], d = mean->number[i] - m;
        all += size;
        squares += (size - 1) * sd->number[i] * sd->number[i] + d * d * size * (all - size) / all;
        m += d * size / all;
    }
    const mpl_column *first = p->frame->from->columns;
    mpl__frame_number(p->frame, (size_t)(mean - first), to, m);
    mpl__frame_number(p->frame, (size_t)(sd - first), to, sqrt(squares / (all - 1)));
}

/* Returns how many columns of the arm there are. */
static size_t combine_arm(const part *p, const arm *a, size_t to)
{
    const mpl_dataset *data = p->frame->from;
    size_t found = 0;
    for (const char *s = a->sums; *s;) {
        const size_t n = strcspn(s, " ");
        const mpl_column *c = with_role(data, s, n);
        if (c)
            add_up(p, c, to);
        found += c != NULL;
        s += n + strspn(s + n, " ");
    }
    const mpl_column *mean = with_role(data, a->mean, strlen(a->mean)), *sd = with_role(data, a->sd, strlen(a->sd));
    const mpl_column *n = with_role(data, a->n, strlen(a->n));
    if (mean && sd && n)
        pool_means(p, mean, sd, n, to);
    return found;
}

static bool is_combined(const char *role)
{
    for (size_t i = 0; i < sizeof arms / sizeof *arms; i++)
        if (mpl__has_word(arms[i].sums, role) || !strcmp(role, arms[i].mean) || !strcmp(role, arms[i].sd))
            return true;
    return false;
}

static bool describes(const char *role)
{
    return !role || !strcmp(role, "slab") || !strcmp(role, "author") || !strcmp(role, "year");
}

static mpl_status check_numbers(const mpl_dataset *data, mpl_error *err)
{
    for (size_t c = 0; c < data->n_columns; c++)
        if (data->columns[c].role && is_combined(data->columns[c].role))
            MPL_TRY(mpl_column_check_number(data, &data->columns[c], err));
    return MPL_OK;
}

static mpl_status fill(mpl__frame *f, const mpl__clusters *clusters, const char *column, const mpl__control *control,
                       mpl_error *err)
{
    const mpl_dataset *data = f->from;
    const size_t label = mpl__rows_label(f, column), k = mpl__frame_column(f, "k");
    size_t found = 0;
    for (size_t c = 0; c < clusters->n; c++) {
        part p = { f, NULL, clusters->rows + clusters->start[c], clusters->size[c] };
        for (size_t j = 0; j < data->n_columns; j++)
            if (describes(data->columns[j].role))
                mpl__rows_summarise(f, j, c, p.rows, p.n);
        for (size_t a = 0; a < sizeof arms / sizeof *arms; a++) {
            p.control = a == 1 ? control : NULL;
            found += combine_arm(&p, &arms[a], c);
        }
        mpl__frame_text(f, label, c, clusters->name[c]);
        mpl__frame_number(f, k, c, (double)p.n);
    }
    if (found == 0)
        return mpl__fail(err, MPL_ERR_DATA, "no column has raw means or counts to combine");
    mpl__note_add(&f->table.notes, "combined",
                  "the groups of %zu rows were put together for %zu cluster%s by column \"%s\"", data->n_rows,
                  clusters->n, clusters->n == 1 ? "" : "s", column);
    return MPL_OK;
}

static mpl_status combine(const mpl_dataset *data, const mpl_covariance_options *o, mpl__arena *scratch,
                          mpl_dataset **out, mpl_error *err)
{
    const mpl_column *column = NULL;
    mpl__clusters clusters;
    mpl__control control;
    char x[MPL_SHOWN_SIZE];
    if (!scratch)
        return mpl__fail_nomem(err, "combined groups");
    if (o->cluster)
        MPL_TRY(mpl__within(err, mpl_dataset_get(data, o->cluster, &column, err), "--cluster"));
    MPL_TRY(mpl__clusters_new(column ? column->text : data->label, data->n_rows, scratch, &clusters, err));
    for (size_t i = 0; i < data->n_rows; i++)
        if (clusters.id[i] == SIZE_MAX)
            return mpl__fail_at(err, MPL_ERR_DATA, data->line[i], 0, "study %s: column \"%s\" of --cluster is missing",
                                mpl_text_to_shown(data->label[i], x), column->name);
    MPL_TRY(check_numbers(data, err));
    if (o->shared_control)
        MPL_TRY(mpl__control_open(data, o->group2, &control, err));
    size_t *first = MPL_NEW(scratch, size_t, clusters.n);
    if (!first)
        return mpl__fail_nomem(err, "combined groups");
    for (size_t c = 0; c < clusters.n; c++)
        first[c] = clusters.rows[clusters.start[c]];
    mpl__frame f;
    mpl_status s = mpl__frame_open(&f, data, first, clusters.n, 2, err);
    if (s == MPL_OK)
        s = fill(&f, &clusters, column ? column->name : "slab", o->shared_control ? &control : NULL, err);
    if (s == MPL_OK)
        mpl__rows_prune(&f);
    return mpl__frame_close(&f, s, out, err);
}

mpl_status mpl_dataset_combine(const mpl_dataset *data, const mpl_covariance_options *options, mpl_dataset **out,
                               mpl_error *err)
{
    *out = NULL;
    const mpl_covariance_options none = { 0 };
    mpl__arena *scratch = mpl__arena_new();
    const mpl_status s = combine(data, options ? options : &none, scratch, out, err);
    mpl__arena_free(scratch);
    return s;
}
