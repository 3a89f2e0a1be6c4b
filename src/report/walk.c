/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people see of a report, piece after piece; see walk.h. */
#include "report/walk.h"

#include "base/arena.h"
#include "base/error.h"
#include "report/show.h"

/* Ends a text that was made for one piece. */
static const char *said(mpl__page *p, const mpl__text *t)
{
    p->text.failed |= t->failed;
    return t->data ? t->data : "";
}

static void pairs(mpl__page *p, const mpl__looks *looks, const mpl_report_table *t)
{
    mpl__text items = { 0 };
    for (size_t i = 0; i < t->n_rows; i++) {
        mpl__text_add(&items, i ? looks->between : "");
        p->style.put(&items, t->cells[2 * i].text);
        mpl__text_add(&items, looks->equals);
        p->style.put(&items, t->cells[2 * i + 1].text);
    }
    looks->item(p, t->label, said(p, &items), 0, 1);
    mpl__text_free(&items);
}

static void list(mpl__page *p, const mpl__looks *looks, const mpl_report_table *t)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        mpl__text item = { 0 };
        mpl__show_value(&item, t->columns[0].kind, t->cells[i], &p->style);
        looks->item(p, t->label, said(p, &item), i, t->n_rows);
        mpl__text_free(&item);
    }
}

static void bullets(mpl__page *p, const mpl__looks *looks, const mpl_report_table *t)
{
    const bool is_notes = t->shape == MPL_TABLE_NOTES;
    for (size_t i = 0; i < t->n_rows;) {
        mpl__text item = { 0 };
        const size_t at = i;
        if (is_notes)
            i = mpl__show_notes(&item, t, i, &p->style);
        else
            mpl__show_value(&item, t->columns[0].kind, t->cells[i++ * t->n_columns], &p->style);
        const bool has_anchor = !is_notes && t->n_columns > 1; /* links know it by another number: it shows none */
        const size_t anchor = is_notes ? 0 : has_anchor ? (size_t)t->cells[at * t->n_columns + 1].number : at + 1;
        looks->bullet(p, t->key, anchor, has_anchor ? 0 : anchor, said(p, &item));
        mpl__text_free(&item);
    }
}

static mpl_status rows(mpl__page *p, const mpl__looks *looks, const mpl_report_table *t, mpl_error *err)
{
    mpl__arena *scratch = mpl__arena_new();
    mpl__grid grid;
    mpl_status s = mpl__grid_make(scratch, t, &p->style, &grid, err);
    if (s == MPL_OK)
        s = looks->rows(p, t, &grid, scratch, err);
    mpl__arena_free(scratch);
    return s;
}

static mpl_status table(mpl__page *p, const mpl__looks *looks, const mpl_report_table *t, mpl_error *err)
{
    if (t->not_text || (t->in_plot && looks->plot) || t->n_rows == 0)
        return MPL_OK;
    const bool is_list = t->shape == MPL_TABLE_NOTES || t->shape == MPL_TABLE_NUMBERED;
    const bool is_item = t->shape == MPL_TABLE_LIST || t->shape == MPL_TABLE_MAP;
    if (t->label && !is_item && (is_list || !looks->has_captions))
        looks->heading(p, t->label, 4, NULL);
    if (t->shape == MPL_TABLE_MAP)
        pairs(p, looks, t);
    else if (t->shape == MPL_TABLE_LIST)
        list(p, looks, t);
    else if (is_list)
        bullets(p, looks, t);
    else if (t->shape == MPL_TABLE_ENTRIES && looks->entries)
        looks->entries(p, t);
    else
        return rows(p, looks, t, err);
    return MPL_OK;
}

/* Sentences and fields. */
static void facts(mpl__page *p, const mpl__looks *looks, const mpl_section *s)
{
    for (size_t i = 0; i < s->n_lines; i++) {
        mpl__text sentence = { 0 };
        mpl__show_line(&sentence, p->report, s, s->lines[i].text, &p->style);
        if (s->lines[i].is_paragraph)
            looks->paragraph(p, said(p, &sentence));
        else
            looks->item(p, s->lines[i].label, said(p, &sentence), 0, 1);
        mpl__text_free(&sentence);
    }
    for (size_t i = 0; i < s->n_fields; i++) {
        if (s->fields[i].machine_only)
            continue;
        mpl__text value = { 0 };
        mpl__show_value(&value, s->fields[i].kind, s->fields[i].value, &p->style);
        looks->item(p, s->fields[i].label, said(p, &value), 0, 1);
        mpl__text_free(&value);
    }
}

static mpl_status section(mpl__page *p, const mpl__looks *looks, const mpl_section *s, mpl_error *err)
{
    if (s->label)
        looks->heading(p, s->label, s->level ? s->level : 2, s->key);
    if (s->plot && looks->plot)
        MPL_TRY(looks->plot(p, s, err));
    bool told = !s->tables_first;
    if (told)
        facts(p, looks, s);
    for (size_t i = 0; i < s->n_tables; i++) {
        if (!told && s->tables[i].label) {
            facts(p, looks, s);
            told = true;
        }
        MPL_TRY(table(p, looks, &s->tables[i], err));
    }
    if (!told)
        facts(p, looks, s);
    return MPL_OK;
}

mpl_status mpl__walk_report(mpl__page *page, const mpl__looks *looks, mpl_error *err)
{
    for (size_t i = 0; i < page->report->n_sections; i++)
        MPL_TRY(section(page, looks, &page->report->sections[i], err));
    return MPL_OK;
}

/* ---- figures ---- */

enum { LONG_FOREST = 70, ROWS_OF_PAGE = 45 };

mpl_status mpl__walk_figure(const mpl__page *page, const mpl_plot *plot, mpl_draw_options *draw, size_t *n,
                            mpl_error *err)
{
    *draw = page->options->draw;
    if (!draw->per_page && !draw->paper && plot->n_rows > LONG_FOREST)
        draw->per_page = ROWS_OF_PAGE;
    return mpl_plot_get_pages(plot, "svg", draw, n, err);
}

void mpl__walk_label(mpl__page *page, const char *label, size_t i, size_t n)
{
    page->style.put_label(&page->text, label);
    if (n > 1)
        mpl__text_format(&page->text, " (page %zu of %zu)", i, n);
}
