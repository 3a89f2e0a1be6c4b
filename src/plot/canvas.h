/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A drawing of characters: cells that hold a character, or else eight dots, two beside each other and four below, as
 * braille has them. Where the terminal has ASCII only, dots become the character most like them.
 */
#ifndef MPL_PLOT_CANVAS_H
#define MPL_PLOT_CANVAS_H

#include "base/arena.h"
#include "base/text.h"

typedef struct mpl__cell {
    const char *glyph;  /* NULL = dots */
    unsigned char dots; /* bit 2 * row + column */
    bool mark;          /* a marker or a text, which nothing else replaces */
} mpl__cell;

typedef struct mpl__canvas {
    size_t width, height; /* cells */
    bool ascii;
    mpl__cell *cells;     /* [height x width] */
    bool failed;          /* memory ran out for a text */
} mpl__canvas;

/** False if memory ran out. */
bool mpl__canvas_new(mpl__canvas *c, size_t width, size_t height, bool ascii, mpl__arena *arena);

/** Shares of width and height from the lower left corner; what is outside is not drawn. `on` of every `period` dots of
 *  a line are drawn, counted on from *phase. */
void mpl__canvas_line(mpl__canvas *c, double x1, double y1, double x2, double y2, size_t on, size_t period,
                      size_t *phase);
void mpl__canvas_bar(mpl__canvas *c, double x1, double y1, double x2, double y2);

/** A character in the cell at a place; it replaces shades and dots, and other markers. */
void mpl__canvas_mark(mpl__canvas *c, double x, double y, const char *glyph);

/** A character behind everything else. */
void mpl__canvas_shade(mpl__canvas *c, size_t column, size_t row, const char *glyph);

/** A text from a cell on, if no marker or text is there; else false and nothing is written. */
bool mpl__canvas_text(mpl__canvas *c, long column, long row, const char *text, mpl__arena *arena);

/** The cell of a share: 0 to n - 1. */
size_t mpl__canvas_cell(double share, size_t n);

/** Writes a row of cells, the uppermost is 0. */
void mpl__canvas_write(const mpl__canvas *c, size_t row, mpl__text *out);

#endif
