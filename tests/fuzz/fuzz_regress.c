/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as moderators, and as where to predict. What comes out has as many studies and coefficients as it says. */
#include "fuzz.h"

static const char csv[] = "slab,yi,vi,x,g,cell source\na,0.1,0.2,1,a,u\nb,0.4,0.3,2,b,v\nc,-1,0.1,4,a,v\nd,7,1,8,b,u\n"
                          "e,0.2,0.5,3,a,u\nf,0.3,0.2,,b,v\ng,0.9,0.4,7,c,v\n";

static void run(const mpl_dataset *data, const mpl_effects *effects, const char *mods, const char *predict)
{
    const mpl_regress_options options = { .mods = mods, .predict = predict, .drop_redundant = !predict };
    const mpl_fit_options fit = { .method = "DL" };
    mpl_regression *r;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_regress_new(data, effects, &fit, &options, &r, &err);
    if (s != MPL_OK) {
        must_refuse(s, r, &err);
        return;
    }
    MUST(r->effects->k + r->effects->n_excluded == data->n_rows);
    MUST(r->fit->k == r->effects->k && r->fit->p < r->fit->k);
    MUST(!predict || r->n_predictions > 0);
    mpl_regress_free(r);
}

/* The same bytes as contrasts, as a curve, as another formula and as a model of tau2. */
static void ask(const mpl_dataset *data, const mpl_effects *effects, const char *text)
{
    for (int i = 0; i < 4; i++) {
        const mpl_fit_options fit = { .method = i == 3 ? "ML" : "DL" };
        const mpl_regress_options options = { .mods = "x + g", .contrast = i == 0 ? text : NULL,
                                              .grid = i == 1 ? text : NULL, .versus = i == 2 ? text : NULL,
                                              .scale = { .scale = i == 3 ? text : NULL } };
        mpl_regression *r;
        mpl_error err = { .code = MPL_OK };
        const mpl_status s = mpl_regress_new(data, effects, &fit, &options, &r, &err);
        if (s != MPL_OK)
            must_refuse(s, r, &err);
        MUST(s != MPL_OK || i != 0 || r->n_contrasts > 0);
        mpl_regress_free(r);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_error err;
    MUST(mpl_dataset_read_bytes(csv, sizeof csv - 1, "x.csv", NULL, &data, &err) == MPL_OK);
    MUST(mpl_effects_new(data, NULL, &effects, &err) == MPL_OK);
    char *const text = malloc(size + 1);
    MUST(text);
    memcpy(text, bytes, size);
    text[size] = '\0';
    run(data, effects, text, NULL);
    run(data, effects, "x + g", text);
    ask(data, effects, text);
    free(text);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return 0;
}
