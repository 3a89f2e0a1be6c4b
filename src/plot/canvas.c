/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drawing of characters; see canvas.h. */
#include "plot/canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

bool mpl__canvas_new(mpl__canvas *c, size_t width, size_t height, bool ascii, mpl__arena *arena)
{
    *c = (mpl__canvas){ width, height, ascii, MPL_NEW(arena, mpl__cell, width * height), false };
    return c->cells != NULL;
}

size_t mpl__canvas_cell(double share, size_t n)
{
    return (size_t)fmin(fmax(floor(share * (double)n), 0), (double)(n - 1));
}

static void dot(mpl__canvas *c, long x, long y)
{
    if (x < 0 || y < 0 || x >= (long)(2 * c->width) || y >= (long)(4 * c->height))
        return;
    mpl__cell *const cell = &c->cells[(size_t)(y / 4) * c->width + (size_t)(x / 2)];
    cell->dots |= (unsigned char)(1u << (2 * (y % 4) + x % 2));
    if (!cell->mark)
        cell->glyph = NULL;
}

void mpl__canvas_line(mpl__canvas *c, double x1, double y1, double x2, double y2, size_t on, size_t period,
                      size_t *phase)
{
    const double wide = (double)(2 * c->width), tall = (double)(4 * c->height);
    const double px = fmin(x1 * wide, wide - 0.5), py = fmin((1 - y1) * tall, tall - 0.5);
    const double qx = fmin(x2 * wide, wide - 0.5), qy = fmin((1 - y2) * tall, tall - 0.5);
    const double longest = fmax(fabs(qx - px), fabs(qy - py));
    const size_t steps = (size_t)ceil(fmin(longest, 1e4));
    for (size_t i = 0; i <= steps; i++) {
        const double t = steps ? (double)i / (double)steps : 0;
        if (*phase % period < on)
            dot(c, (long)floor(px + t * (qx - px)), (long)floor(py + t * (qy - py)));
        *phase += i < steps;
    }
}

void mpl__canvas_bar(mpl__canvas *c, double x1, double y1, double x2, double y2)
{
    const double wide = (double)(2 * c->width), tall = (double)(4 * c->height);
    const long from = lround(fmin(x1, x2) * wide), to = lround(fmax(x1, x2) * wide);
    const long low = lround((1 - fmin(y1, y2)) * tall), high = lround((1 - fmax(y1, y2)) * tall);
    for (long x = from; x < (to > from ? to : from + 1); x++)
        for (long y = high; y < low; y++)
            dot(c, x, y);
}

void mpl__canvas_mark(mpl__canvas *c, double x, double y, const char *glyph)
{
    mpl__cell *const cell = &c->cells[mpl__canvas_cell(1 - y, c->height) * c->width + mpl__canvas_cell(x, c->width)];
    cell->glyph = glyph;
    cell->mark = true;
}

void mpl__canvas_shade(mpl__canvas *c, size_t column, size_t row, const char *glyph)
{
    mpl__cell *const cell = &c->cells[row * c->width + column];
    if (!cell->mark && !cell->dots)
        cell->glyph = glyph;
}

bool mpl__canvas_text(mpl__canvas *c, long column, long row, const char *text, mpl__arena *arena)
{
    const size_t takes = mpl__utf8_width(text);
    if (row < 0 || row >= (long)c->height || column < 0 || (size_t)column + takes > c->width)
        return false;
    mpl__cell *cell = &c->cells[(size_t)row * c->width + (size_t)column];
    for (size_t i = 0; i < takes; i++)
        if (cell[i].mark)
            return false;
    for (size_t left = strlen(text); left;) {
        uint32_t code;
        size_t n = mpl__utf8_next(text, left, &code);
        const int columns = n ? mpl__utf8_columns(code) : 1;
        n = n ? n : 1;
        if (columns > 0) {
            cell->glyph = mpl__arena_copyn(arena, text, n);
            c->failed = c->failed || !cell->glyph;
            cell->mark = true;
            cell++;
        }
        if (columns == 2)
            *cell++ = (mpl__cell){ .glyph = "", .mark = true };
        text += n;
        left -= n;
    }
    return true;
}

/* Dots as one ASCII character. */
static char like(unsigned dots)
{
    const bool left = dots & 0x55, right = dots & 0xAA;
    const bool top = dots & 0x0F, bottom = dots & 0xF0;
    if (dots == 0)
        return ' ';
    if (dots == 0xFF)
        return '#';
    if (top && bottom && left != right)
        return '|';
    if ((dots & 0x3C) && !(dots & 0xC3))
        return '-';
    return top && bottom ? ':' : top ? '\'' : '.';
}

/* Braille numbers its dots down the left side, then the right, then the last row (Unicode 15, block 2800). */
static uint32_t braille(unsigned dots)
{
    static const unsigned char bit[8] = { 0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80 };
    uint32_t code = 0x2800;
    for (unsigned i = 0; i < 8; i++)
        code |= dots >> i & 1 ? bit[i] : 0u;
    return code;
}

void mpl__canvas_write(const mpl__canvas *c, size_t row, mpl__text *out)
{
    for (size_t i = 0; i < c->width; i++) {
        const mpl__cell *const cell = &c->cells[row * c->width + i];
        char glyph[4];
        if (cell->glyph)
            mpl__text_add(out, cell->glyph);
        else if (c->ascii || !cell->dots)
            mpl__text_char(out, c->ascii ? like(cell->dots) : ' ');
        else
            mpl__text_addn(out, glyph, mpl__utf8_put(braille(cell->dots), glyph));
    }
}
