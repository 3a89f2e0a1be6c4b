/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forests on several pages and in narrow places: what stands where, and that nothing is lost without a word. */
#include "check.h"
#include "plot_cases.h"

#include "base/arena.h"
#include "plot/layout.h"
#include "plot/metrics.h"

static mpl_plot *make(const plot_case *c)
{
    mpl_plot *plot = NULL;
    mpl_error err;
    if (!c || mpl_plot_new("forest", &c->analysis, &c->options, &plot, &err) != MPL_OK)
        check_die(c ? c->name : "a case", "no figure");
    return plot;
}

/* Lays out one page with resolved options. */
static bool lay_out(const mpl_plot *plot, mpl_draw_options draw, mpl__arena *arena, mpl__layout *page)
{
    mpl_error err;
    if (draw.font_size <= 0)
        draw.font_size = 9;
    const mpl_status s = mpl__layout_compute(plot, &draw, arena, page, &err);
    CHECK(s == MPL_OK, "%s", s ? err.message : "");
    return s == MPL_OK;
}

/* The heading that a row of the whole is under; NULL = none. */
static const char *group_of(const mpl_plot *plot, size_t study)
{
    const char *group = NULL;
    for (size_t i = 0; i < plot->n_rows; i++) {
        if (plot->rows[i].kind == MPL_ROW_HEADING || plot->rows[i].kind == MPL_ROW_BLANK)
            group = plot->rows[i].kind == MPL_ROW_HEADING ? plot->rows[i].cells[0] : NULL;
        if (plot->rows[i].kind == MPL_ROW_STUDY && plot->rows[i].study == study)
            return group;
    }
    return NULL;
}

/* A page is not wider or higher than asked for, its columns stand where those of the others do, its studies are under
 * their heading. Returns how many studies it has. */
static size_t check_page(const char *name, const mpl_plot *plot, const mpl__layout *page, const mpl__layout *first,
                         size_t number)
{
    size_t studies = 0;
    const char *group = NULL;
    for (size_t i = 0; i < page->plot->n_rows; i++) {
        const mpl_plot_row *const row = &page->plot->rows[i];
        if (row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_BLANK)
            group = row->kind == MPL_ROW_HEADING ? row->cells[0] : NULL;
        if (row->kind != MPL_ROW_STUDY || row->mark == MPL_MARK_NONE)
            continue;
        studies++;
        const char *const own = group_of(plot, row->study);
        CHECK(own ? group && strncmp(group, own, strlen(own)) == 0 : !group, "%s page %zu: study %zu is under '%s'",
              name, number, row->study, group ? group : "nothing");
    }
    const mpl_plot_row *const last = &page->plot->rows[page->plot->n_rows - 1];
    CHECK(last->kind != MPL_ROW_HEADING, "%s page %zu ends with a heading", name, number);
    CHECK(page->plot->rows[0].kind != MPL_ROW_SUMMARY, "%s page %zu begins with a summary", name, number);
    CHECK(page->axis_left == first->axis_left && page->axis_right == first->axis_right, "%s page %zu: another axis",
          name, number);
    CHECK(page->overall_line.shown == first->overall_line.shown && page->overall == first->overall,
          "%s page %zu: line of the overall estimate", name, number);
    CHECK(page->rows[page->plot->n_rows - 1].y < page->bottom && page->bottom < page->height, "%s page %zu: rows run "
          "over", name, number);
    return studies;
}

/* Every study once, in its order, and the overall estimate on one page. */
static void pages(const plot_case *c, mpl_draw_options draw, double high)
{
    mpl_plot *const plot = make(c);
    mpl__arena *const arena = mpl__arena_new();
    mpl__layout first = { .n_pages = 0 }, page;
    mpl_error err;
    size_t n = 0, studies = 0, whole = 0, next = 0, overall = 0;
    CHECK(mpl_plot_get_pages(plot, "svg", &draw, &n, &err) == MPL_OK && n > 1, "%s: %zu pages", c->name, n);
    for (size_t i = 0; i < plot->n_rows; i++)
        whole += plot->rows[i].kind == MPL_ROW_STUDY;
    for (draw.page = 1; draw.page <= n && arena && lay_out(plot, draw, arena, &page); draw.page++) {
        if (draw.page == 1)
            first = page;
        const size_t on_page = check_page(c->name, plot, &page, &first, draw.page);
        CHECK(!draw.per_page || on_page <= draw.per_page, "%s page %zu: %zu studies", c->name, draw.page, on_page);
        CHECK(page.height <= high, "%s page %zu: %g points high", c->name, draw.page, page.height);
        overall += page.plot->overall < page.plot->n_rows;
        for (size_t i = 0; i < page.plot->n_rows; i++) {
            if (page.plot->rows[i].kind != MPL_ROW_STUDY || page.plot->rows[i].mark == MPL_MARK_NONE)
                continue;
            while (next < plot->n_rows && plot->rows[next].kind != MPL_ROW_STUDY)
                next++;
            CHECK(page.plot->rows[i].study == plot->rows[next++].study, "%s page %zu: order", c->name, draw.page);
            studies++;
        }
        const char *const note = page.plot->footnotes[page.plot->n_footnotes - 1];
        CHECK((strstr(note, "continued") != NULL) == (draw.page < n), "%s page %zu: '%s'", c->name, draw.page, note);
    }
    CHECK(overall == 1, "%s: the overall estimate stands on %zu pages", c->name, overall);
    CHECK(studies == whole, "%s: %zu of %zu studies", c->name, studies, whole);
    draw.page = n + 1;
    CHECK(mpl_plot_write(plot, "svg", &draw, stdout, &err) == MPL_ERR_ARG, "%s: there is no page %zu", c->name, n + 1);
    draw.page = 0;
    CHECK(mpl_plot_write(plot, "svg", &draw, stdout, &err) == MPL_ERR_ARG, "%s: no page is chosen", c->name);
    mpl__arena_free(arena);
    mpl_plot_free(plot);
}

/* Columns that are missing are named below; every label is whole, in one line or two. */
static void narrow(const plot_case *c, size_t mm)
{
    mpl_plot *const plot = make(c);
    mpl__arena *const arena = mpl__arena_new();
    mpl__layout page;
    if (arena && lay_out(plot, (mpl_draw_options){ .width = mm }, arena, &page)) {
        const char *const note = page.plot->footnotes[page.plot->n_footnotes - 1];
        for (size_t j = 0, kept = 0; j < plot->n_columns; j++)
            if (kept < page.plot->n_columns && strcmp(page.plot->columns[kept].key, plot->columns[j].key) == 0)
                kept++;
            else
                CHECK(strstr(note, plot->columns[j].heading) != NULL, "%s at %zu mm: '%s' is left out: '%s'", c->name,
                      mm, plot->columns[j].heading, note);
        CHECK(page.small >= 7 && page.font >= 7, "%s at %zu mm: %g points", c->name, mm, page.font);
        CHECK(page.width <= (double)mm * 72 / 25.4 + 1, "%s at %zu mm: %g points wide", c->name, mm, page.width);
        for (size_t i = 0; i < page.plot->n_rows; i++)
            if (page.plot->rows[i].kind == MPL_ROW_STUDY)
                CHECK(!strstr(page.cells[i * page.n_columns], "\xE2\x80\xA6"), "%s at %zu mm: '%s' is cut", c->name, mm,
                      page.cells[i * page.n_columns]);
            else if (page.rows[i].span)
                CHECK(!strstr(page.rows[i].span, "\xE2\x80\xA6"), "%s at %zu mm: '%s' is cut", c->name, mm,
                      page.rows[i].span);
    }
    mpl__arena_free(arena);
    mpl_plot_free(plot);
}

/* Pages of one file: as high as one another, and one script. */
static void one_file(const plot_case *c)
{
    mpl_plot *const plot = make(c);
    char *script = NULL;
    size_t size, n = 0;
    mpl_error err;
    mpl_draw_options draw = { .per_page = 20, .one_file = true, .target = "f.pdf" };
    FILE *const f = open_memstream(&script, &size);
    if (!f || mpl_plot_get_pages(plot, "gp", &draw, &n, &err) != MPL_OK)
        check_die("no pages of", c->name);
    for (draw.page = 1; draw.page <= n; draw.page++)
        CHECK(mpl_plot_write(plot, "gp", &draw, f, &err) == MPL_OK, "page %zu", draw.page);
    fclose(f);
    size_t outputs = 0, ends = 0, layers = 0;
    for (const char *s = script; (s = strstr(s, "set output")); s++)
        outputs += s[-1] == '\n';
    for (const char *s = script; (s = strstr(s, "unset multiplot")); s++)
        layers++;
    for (const char *s = script; (s = strstr(s, "unset output")); s++)
        ends++;
    CHECK(n == 3 && layers == n && outputs == 1 && ends == 1, "%zu pages, %zu of them drawn, into %zu files", n, layers,
          outputs);
    CHECK(strstr(script, "data index 10 ") && !strstr(script, "data index 15 "), "blocks of the third page");
    free(script);
    mpl_plot_free(plot);
}

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

static void no_memory(const plot_case *c, const mpl_draw_options *draw)
{
    mpl_plot *const plot = make(c);
    FILE *const null = fopen("/dev/null", "w");
    mpl_error err;
    for (size_t n = 0, pages; null && (n == 0 || refused); n += 1 + n / 50) { /* later ones repeat the search */
        allowed = n;
        refused = false;
        mpl__alloc_hook = one_fails;
        mpl_status s = mpl_plot_get_pages(plot, "svg", draw, &pages, &err);
        if (s == MPL_OK)
            s = mpl_plot_write(plot, "svg", draw, null, &err);
        mpl__alloc_hook = NULL;
        CHECK(s == (refused ? MPL_ERR_NOMEM : MPL_OK), "%s: allocation %zu: status %d", c->name, n, (int)s);
    }
    if (null)
        fclose(null);
    mpl_plot_free(plot);
}

int main(void)
{
    plot_case *const sixty = case_sixty(), *const stroke = case_stroke(), *const bcg = case_bcg();
    const double a4 = 257 * 72 / 25.4, a5 = 170 * 72 / 25.4;
    pages(sixty, (mpl_draw_options){ .per_page = 20 }, INFINITY);
    pages(sixty, (mpl_draw_options){ .per_page = 7 }, INFINITY);
    pages(sixty, (mpl_draw_options){ .paper = "a5" }, a5);
    pages(sixty, (mpl_draw_options){ .paper = "a4", .per_page = 50 }, a4);
    pages(sixty, (mpl_draw_options){ .paper = "a5", .width = 84, .font_size = 12 }, a5);
    pages(stroke, (mpl_draw_options){ .per_page = 5 }, INFINITY);
    pages(bcg, (mpl_draw_options){ .per_page = 5, .width = 84 }, INFINITY);
    for (size_t mm = 80; mm <= 180; mm += 4) {
        narrow(bcg, mm);
        narrow(sixty, mm);
    }
    for (size_t mm = 84; mm <= 180; mm += 4)
        narrow(stroke, mm);
    one_file(sixty);
    no_memory(bcg, &(mpl_draw_options){ .per_page = 5, .width = 84, .page = 2, .one_file = true });
    free(sixty);
    free(stroke);
    free(bcg);
    return check_done();
}
