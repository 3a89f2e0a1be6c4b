/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures: golden files, places read back from the SVG, texts that neither touch nor leave the page, no memory.
 *
 * "test_plot --write DIR" writes the figures to DIR instead (to tests/golden, to accept a change: look at them first).
 */
#include "check.h"
#include "plot_cases.h"

#include "base/arena.h"
#include "plot/metrics.h"

static const char *write_to;

/* Charts of the same analyses. */
static const struct chart_case {
    const char *name, *type;
    plot_case *(*of)(void);
    mpl_plot_options options;
} chart_cases[] = {
    { "funnel", "funnel", case_bcg, { .xlim = NULL } },
    { "funnel-contours", "funnel", case_bcg,
      { .palette = "okabe-ito", .funnel = { .contours = true }, .chart = { .names = "all" } } },
    { "funnel-clipped", "funnel", case_clipped, { .xlim = "-1,2", .funnel = { .yaxis = "seinv" } } },
    { "funnel-hostile", "funnel", case_hostile,
      { .chart = { .names = "all", .xlabel = "`x` 'y' {/:Bold}", .ylabel = "</svg> \"y\" \\ 漢字" } } },
};

/* Plots that ask the library for more: of a bundled dataset, really computed. */
static const struct real_case {
    const char *name, *type;
    mpl_plot_options options;
} real_cases[] = {
    { "models", "forest", { .models = { .models = "EE,DL" }, .forest = { .sort = "-weight" } } },
    { "mods", "forest", { .models = { .mods = "ablat" }, .forest = { .sort = "ablat", .left = "ablat,data" } } },
    { "summary", "summary", { .summary = { .by = "alloc", .select = "Tropics: ablat < 23.5; year >= 1960" } } },
    { "loo", "loo", { .forest = { .left = "year" } } },
    { "cumulative", "cumulative", { .cumulative = { .order = "year" } } },
    { "caterpillar", "caterpillar", { .xlim = NULL } }, { "orchard", "orchard", { .xlim = NULL } },
    { "orchard-by", "orchard", { .palette = "okabe-ito" } },
    { "gosh", "gosh", { .gosh = { .subsets = 500, .points = 120 } } },
    { "bubble", "bubble", { .bubble = { .mods = "ablat" }, .chart = { .names = "all" } } },
    { "bubble-by", "bubble", { .bubble = { .mods = "ablat + alloc", .along = "ablat, alloc" } } },
    { "radial", "radial", { .xlim = NULL } },
    { "radial-centred", "radial", { .radial = { .centre = true } } },
    { "labbe", "labbe", { .palette = "okabe-ito" } },
    { "qqnorm", "qqnorm", { .xlim = NULL } },
    { "baujat", "baujat", { .xlim = NULL } },
    { "pcurve", "pcurve", { .xlim = NULL } },
    { "doi", "doi", { .xlim = NULL } },
    { "tipping", "tipping", { .tipping = { .severities = "1,2,5,10,20" } } },
    { "funnel-overlay", "funnel", { .funnel = { .trim_fill = true, .egger = true, .limit = true } } },
    { "influence", "influence", { .xlim = NULL } },
    { "multiverse", "multiverse", { .multiverse = { .pis = "V" } } },
    { "drapery", "drapery", { .title = "none" } },
    { "profile", "profile", { .xlim = NULL } },
    { "profile-mean", "profile", { .profile = { .parameter = "mean", .points = 41 } } },
};

/* The analysis under the name of the chart. */
static plot_case *chart_case(size_t i)
{
    plot_case *const c = chart_cases[i].of();
    if (c) {
        c->name = chart_cases[i].name;
        c->type = chart_cases[i].type;
        c->options = chart_cases[i].options;
    }
    return c;
}

/* What a renderer writes; free() it. */
static char *render(const mpl_plot *plot, const char *renderer, const mpl_draw_options *options, size_t *size)
{
    char *bytes = NULL;
    mpl_error err;
    FILE *const f = open_memstream(&bytes, size);
    if (!f)
        check_die("no memory for", renderer);
    const mpl_status s = mpl_plot_write(plot, renderer, options, f, &err);
    fclose(f);
    CHECK(s == MPL_OK, "%s: %s", renderer, s ? err.message : "");
    return bytes;
}

static mpl_plot *make(const plot_case *c)
{
    mpl_plot *plot = NULL;
    mpl_error err;
    if (mpl_plot_new(c->type ? c->type : "forest", &c->analysis, &c->options, &plot, &err) != MPL_OK)
        check_die(c->name, err.message);
    return plot;
}

/* ---- golden files ---- */

static void golden(const char *name, const char *bytes, size_t size)
{
    char path[4096];
    if (write_to) {
        snprintf(path, sizeof path, "%s/%s", write_to, name);
        FILE *const f = fopen(path, "wb");
        if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
            check_die("cannot write", path);
        return;
    }
    size_t want_size;
    snprintf(path, sizeof path, "golden/%s", name);
    char *const want = check_read(path, &want_size);
    size_t at = 0, line = 1;
    while (at < size && at < want_size && bytes[at] == want[at])
        line += bytes[at++] == '\n';
    CHECK(at == size && at == want_size, "%s differs from line %zu on; test_plot --write DIR writes the new one", name,
          line);
    free(want);
}

/* Every renderer draws every case as it did when somebody looked. */
static void goldens(const plot_case *c, const mpl_plot *plot)
{
    char name[64], companion[64], target[64];
    snprintf(companion, sizeof companion, "%s.dat", c->name);
    snprintf(target, sizeof target, "%s.gp.svg", c->name);
    const mpl_draw_options draw = { .companion = companion, .target = target };
    const mpl_draw_options plain = { .ascii = true, .width = 80 }, colour = { .colour = true };
    const mpl_method *method;
    size_t size;
    for (size_t i = 0; (method = mpl_renderer_method(i)); i++) {
        char *const bytes = render(plot, method->id, &draw, &size);
        snprintf(name, sizeof name, "%s.%s", c->name, method->id);
        golden(name, bytes, size);
        free(bytes);
    }
    char *bytes = render(plot, "text", &plain, &size);
    snprintf(name, sizeof name, "%s-ascii.text", c->name);
    golden(name, bytes, size);
    size_t wide = 0;
    for (size_t i = 0; i < size; i++)
        wide += (unsigned char)bytes[i] >= 0x80;
    CHECK(wide == 0, "%s: %zu bytes are not ASCII", name, wide);
    free(bytes);
    bytes = render(plot, "text", &colour, &size);
    CHECK(!plot->title || (strstr(bytes, "\033[1m") && strstr(bytes, "\033[0m")), "%s: no colours", c->name);
    free(bytes);
}

/* ---- reading an SVG back ---- */

static double attribute(const char *element, const char *name)
{
    char want[32];
    snprintf(want, sizeof want, " %s=\"", name);
    const char *const end = strchr(element, '>'), *const at = strstr(element, want);
    return at && end && at < end ? strtod(at + strlen(want), NULL) : (double)NAN;
}

static const char *after(const char *svg, const char *what)
{
    const char *const at = strstr(svg, what);
    return at ? at + strlen(what) : svg + strlen(svg);
}

typedef struct scale {
    double left, right;
    const mpl_plot_axis *axis;
} scale;

/* The value that stands at x. */
static double value_at(const scale *s, double x)
{
    const mpl_plot_axis *const a = s->axis;
    const double share = (x - s->left) / (s->right - s->left);
    return a->scale ? exp(log(a->min) + share * (log(a->max) - log(a->min))) : a->min + share * (a->max - a->min);
}

/* Within a hundredth of a point of where `value` belongs. */
static void check_place(const scale *s, double x, double value, const char *name, size_t row, const char *what)
{
    const double lo = value_at(s, x - 0.011), hi = value_at(s, x + 0.011);
    CHECK(value >= lo && value <= hi, "%s row %zu: %s stands at %g, should at %g", name, row, what, value_at(s, x),
          value);
}

static void check_polygon(const scale *s, const char *points, const mpl_plot_row *row, const char *name, size_t i)
{
    double least = INFINITY, most = -INFINITY, top = INFINITY, peak = 0;
    for (char *p = strchr(points, '"') + 1; *p != '"';) {
        const double x = strtod(p, &p), y = strtod(p + 1, &p);
        least = fmin(least, x);
        most = fmax(most, x);
        peak = y < top ? x : peak;
        top = fmin(top, y);
        p += *p == ' ';
    }
    if (!row->clip_lb)
        check_place(s, least, row->lb, name, i, "lower end of the diamond");
    if (!row->clip_ub)
        check_place(s, most, row->ub, name, i, "upper end of the diamond");
    check_place(s, peak, row->x, name, i, "tip of the diamond");
}

/* Marks stand where the model's numbers say. */
static void places(const char *name, const mpl_plot *plot, const char *svg)
{
    const char *const line = strstr(after(svg, "class=\"axis\""), "<line");
    const scale s = { attribute(line, "x1"), attribute(line, "x2"), &plot->axis };
    const char *tick = line;
    for (size_t i = 0; i < plot->axis.n_ticks; i++) {
        tick = strstr(tick + 1, "<line");
        check_place(&s, attribute(tick, "x1"), plot->axis.ticks[i], name, i, "tick");
    }
    const char *at = svg;
    for (size_t i = 0; i < plot->n_rows; i++) {
        const mpl_plot_row *const row = &plot->rows[i];
        if (row->mark == MPL_MARK_NONE)
            continue;
        at = after(at, "class=\"mark\"");
        const char *const fitted = strstr(at, "class=\"fitted\""), *const group = strstr(at, "</g>");
        CHECK((fitted && fitted < group) == !isnan(row->fit_x), "%s row %zu: value of the model", name, i);
        if (!isnan(row->fit_x)) {
            const mpl_plot_row fit = { .x = row->fit_x, .lb = row->fit_lb, .ub = row->fit_ub,
                                       .clip_lb = row->fit_lb < plot->axis.min,
                                       .clip_ub = row->fit_ub > plot->axis.max };
            check_polygon(&s, strstr(fitted, "points=\""), &fit, name, i);
        }
        if (row->mark == MPL_MARK_DIAMOND) {
            check_polygon(&s, strstr(at, "points=\""), row, name, i);
            continue;
        }
        const char *const mark = strstr(at, "<line");
        if (!row->clip_lb && row->lb <= plot->axis.max)
            check_place(&s, attribute(mark, "x1"), row->lb, name, i, "lower end");
        if (!row->clip_ub && row->ub >= plot->axis.min)
            check_place(&s, attribute(mark, "x2"), row->ub, name, i, "upper end");
        const char *const square = strstr(at, "<rect");
        const bool seen = row->x >= plot->axis.min && row->x <= plot->axis.max;
        CHECK((square && square < mark) == (row->mark == MPL_MARK_SQUARE && seen), "%s row %zu: square", name, i);
        if (row->mark == MPL_MARK_SQUARE && seen)
            check_place(&s, attribute(square, "x") + attribute(square, "width") / 2, row->x, name, i, "square");
    }
}

/* ---- texts ---- */

typedef struct box {
    double x0, x1, y0, y1;
    char text[80];
} box;

/* One character of XML text. */
static const char *unescape(const char *s, char *out, size_t *n)
{
    static const struct { const char *name; char c; } entity[] = {
        { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }
    };
    for (size_t i = 0; i < sizeof entity / sizeof *entity; i++)
        if (strncmp(s, entity[i].name, strlen(entity[i].name)) == 0) {
            out[(*n)++] = entity[i].c;
            return s + strlen(entity[i].name);
        }
    out[(*n)++] = *s;
    return s + 1;
}

static box read_box(const char *element, double font)
{
    const char *const close = strchr(element, '>');
    const double size = isnan(attribute(element, "font-size")) ? font : attribute(element, "font-size");
    char text[4096];
    size_t n = 0;
    for (const char *s = close + 1; *s != '<' && n < sizeof text - 1;)
        s = unescape(s, text, &n);
    text[n] = '\0';
    const char *const bold = strstr(element, "font-weight"), *const anchor = strstr(element, "text-anchor=\"");
    const double width = mpl__text_width(text, size, bold && bold < close), x = attribute(element, "x");
    const double share = !anchor || anchor > close ? 0 : anchor[13] == 'e' ? 1 : 0.5;
    box b = { .x0 = x - share * width, .y0 = attribute(element, "y") - 0.73 * size, .y1 = attribute(element, "y") };
    b.x1 = b.x0 + width;
    snprintf(b.text, sizeof b.text, "%.79s", text);
    return b;
}

/* No two texts overlap, none leaves the page, none is smaller than 7 points. */
static void texts(const char *name, const char *svg)
{
    static box boxes[2048];
    size_t n = 0;
    const char *const root = strstr(svg, "<svg");
    const double width = attribute(root, "width"), height = attribute(root, "height");
    const double font = attribute(root, "font-size");
    for (const char *t = svg; (t = strstr(t + 1, "<text")) && n < 2048;) {
        if (strncmp(t - 8, "(-90)\">\n", 8) == 0) /* turned */
            continue;
        const box b = boxes[n++] = read_box(t, font);
        const double size = attribute(t, "font-size");
        CHECK(isnan(size) || size >= 7, "%s: '%s' is %g points", name, b.text, size);
        CHECK(b.x0 >= 0 && b.x1 <= width && b.y0 >= 0 && b.y1 <= height, "%s: '%s' leaves the page", name, b.text);
        for (size_t i = 0; i + 1 < n; i++)
            if (b.x0 < boxes[i].x1 - 0.01 && boxes[i].x0 < b.x1 - 0.01 && b.y0 < boxes[i].y1 && boxes[i].y0 < b.y1)
                CHECK(false, "%s: '%s' and '%s' overlap", name, b.text, boxes[i].text);
    }
    CHECK(n > 10, "%s: %zu texts", name, n);
}

/* As wide as asked for, with no text cut off or too small; or a message that says how wide it would be. */
static void widths(const char *name, const mpl_plot *plot)
{
    for (size_t mm = 60; mm <= 360; mm += 24) {
        const mpl_draw_options draw = { .width = mm };
        char *svg = NULL;
        size_t size;
        mpl_error err;
        FILE *const f = open_memstream(&svg, &size);
        if (!f)
            check_die("no memory for", name);
        const mpl_status s = mpl_plot_write(plot, "svg", &draw, f, &err);
        fclose(f);
        CHECK(s == MPL_OK || (s == MPL_ERR_ARG && strstr(err.message, "mm wide")), "%s at %zu mm: %s", name, mm,
              s ? err.message : "");
        if (s == MPL_OK) {
            CHECK(attribute(strstr(svg, "<svg"), "width") <= (double)mm * 72 / 25.4 + 1, "%s: wider than %zu mm", name,
                  mm);
            texts(name, svg);
        }
        free(svg);
    }
}

/* ---- memory ---- */

static size_t allowed;
static bool refused;

/* Lets `allowed` allocations through and refuses one. */
static bool one_fails(void)
{
    if (refused || allowed--)
        return true;
    refused = true;
    return false;
}

static void arm(size_t n)
{
    allowed = n;
    refused = false;
    mpl__alloc_hook = one_fails;
}

/* Every allocation fails once: a status, nothing leaked, nothing overlooked. */
static void no_memory(const plot_case *c, const mpl_plot *plot)
{
    mpl_plot *made = NULL;
    mpl_error err;
    mpl_status s;
    size_t n = 0;
    do {
        arm(n++);
        s = mpl_plot_new(c->type ? c->type : "forest", &c->analysis, &c->options, &made, &err);
        mpl__alloc_hook = NULL;
        CHECK(s == (refused ? MPL_ERR_NOMEM : MPL_OK), "%s: allocation %zu: status %d", c->name, n, (int)s);
        CHECK((s == MPL_OK) == (made != NULL), "%s: allocation %zu", c->name, n);
        mpl_plot_free(made);
    } while (refused);
    const mpl_method *method;
    FILE *const null = fopen("/dev/null", "w");
    for (size_t i = 0; null && (method = mpl_renderer_method(i)); i++)
        for (n = 0, refused = true; refused; n++) {
            arm(n);
            s = mpl_plot_write(plot, method->id, NULL, null, &err);
            mpl__alloc_hook = NULL;
            CHECK(s == (refused ? MPL_ERR_NOMEM : MPL_OK), "%s %s: allocation %zu", c->name, method->id, n);
        }
    if (null)
        fclose(null);
    FILE *const full = fopen("/dev/full", "w");
    if (full) {
        setvbuf(full, NULL, _IONBF, 0);
        CHECK(mpl_plot_write(plot, "svg", NULL, full, &err) == MPL_ERR_IO, "%s: a full disk", c->name);
        fclose(full);
    }
}

/* A chart: its renderers, its words, its memory. Where its points stand is read by golden/figures.py. */
static void chart(plot_case *c)
{
    if (!c)
        check_die("no memory for", "a case");
    mpl_plot *const plot = make(c);
    goldens(c, plot);
    for (size_t size, font = 7; font <= 21; font += 7) {
        char *const svg = render(plot, "svg", &(mpl_draw_options){ .font_size = (double)font }, &size);
        texts(c->name, svg);
        if (!plot->n_panels)
            places(c->name, plot, svg);
        free(svg);
    }
    widths(c->name, plot);
    if (strcmp(c->type, "gosh") != 0) /* hundreds of fits each time */
        no_memory(c, plot);
    mpl_plot_free(plot);
    free(c);
}

static void real(size_t i)
{
    mpl_dataset *data = NULL;
    mpl_effects *effects = NULL;
    mpl_fit *fit = NULL;
    mpl_subgroups *subgroups = NULL;
    mpl_error err;
    if (mpl_dataset_read("bcg", NULL, &data, &err) != MPL_OK ||
        mpl_effects_new(data, NULL, &effects, &err) != MPL_OK ||
        mpl_fit_new(effects, NULL, NULL, &fit, &err) != MPL_OK)
        check_die(real_cases[i].name, err.message);
    const mpl_subgroup_options by = { .subgroup = strcmp(real_cases[i].name, "orchard-by") == 0 ? "alloc" : NULL };
    if (by.subgroup && mpl_subgroups_new(data, effects, NULL, &by, &subgroups, &err) != MPL_OK)
        check_die(real_cases[i].name, err.message);
    plot_case *const c = calloc(1, sizeof *c);
    if (c) {
        c->name = real_cases[i].name;
        c->type = real_cases[i].type;
        c->options = real_cases[i].options;
        c->analysis = (mpl_analysis){ .data = data, .effects = effects, .fit = fit, .subgroups = subgroups };
    }
    chart(c);
    mpl_subgroups_free(subgroups);
    mpl_fit_free(fit);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
}

/* A forest: its places and texts too. */
static void forest(plot_case *c)
{
    if (!c)
        check_die("no memory for", "a case");
    mpl_plot *const plot = make(c);
    goldens(c, plot);
    for (size_t size, font = 7; font <= 21; font += 7) {
        char *const svg = render(plot, "svg", &(mpl_draw_options){ .font_size = (double)font }, &size);
        places(c->name, plot, svg);
        texts(c->name, svg);
        free(svg);
    }
    widths(c->name, plot);
    if (plot->n_rows < 40)
        no_memory(c, plot);
    mpl_plot_free(plot);
    free(c);
}

/* The trials with judgements of their risk of bias, and everything that can be added to a forest. */
static plot_case *case_full(void)
{
    static const char *const words[] = { "low", "Some concerns", "high", "+", "?", "-" };
    static const char *const names[] = { "rob_randomization", "rob_missing_data", "rob_overall" };
    plot_case *const c = case_bcg();
    if (!c)
        return NULL;
    for (size_t j = 0; j < 3 && c->data.n_columns < CASE_COLUMNS; j++) {
        mpl_column *const column = &c->columns[c->data.n_columns++];
        const size_t at = (size_t)(column - c->columns);
        *column = (mpl_column){ .name = names[j], .text = c->text[at] };
        for (size_t i = 0; i < c->data.n_rows; i++)
            c->text[at][i] = i == 4 && j == 1 ? NULL : words[(i * (j + 2) + j) % 6];
    }
    c->name = "full";
    c->options = (mpl_plot_options){
        .palette = "okabe-ito", .xlim = "0.05,5", .xticks = "0.05,0.25,0.5,1,2,4",
        .notes = "First note.|Second, `note`.",
        .forest = { .left = "n1i:0=Treated,effect:3,interval,p", .right = "se:3,weight:0,rob", .sort = "-weight",
                    .lines = "0.8=smallest important effect;0.01", .bands = "0.9,1.1=no important difference;4,9",
                    .favours_left = "favours \xE6\xBC\xA2 vaccine", .favours_right = "favours none" } };
    return c;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        write_to = argv[2];
    for (size_t i = 0; i < sizeof plot_cases / sizeof *plot_cases; i++)
        forest(plot_cases[i]());
    const mpl_method *layout;
    for (size_t i = 1; (layout = mpl_layout_method(i)); i++) {
        plot_case *const c = case_bcg();
        char name[64];
        snprintf(name, sizeof name, "bcg-%s", layout->id);
        if (c) {
            c->name = name;
            c->options.forest = (mpl_forest_options){ .layout = layout->id, .favours_left = "Favours vaccine",
                                                      .favours_right = "Favours control" };
        }
        forest(c);
    }
    forest(case_full());
    for (size_t i = 0; i < sizeof chart_cases / sizeof *chart_cases; i++)
        chart(chart_case(i));
    for (size_t i = 0; i < sizeof real_cases / sizeof *real_cases; i++)
        real(i);
    return check_done();
}
