/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of SVG that forests and charts share. */
#ifndef MPL_PLOT_SVG_H
#define MPL_PLOT_SVG_H

#include "plot/layout.h"

#define MPL__SVG_FONTS "DejaVu Sans, Arial, Helvetica, sans-serif"
#define MPL__SVG_INK "#000000"
#define MPL__SVG_PAPER "#ffffff"

/** XML text: markup escaped; what XML 1.0 or a reader cannot take becomes U+FFFD. */
void mpl__svg_escape(mpl__text *out, const char *s);

/** <name>content</name>, escaped. */
void mpl__svg_element(mpl__text *out, const char *name, const char *content);

/** ` name="1.23"`: coordinates have two decimals, a seven-hundredth of a millimetre. */
void mpl__svg_attribute(mpl__text *out, const char *name, double x);

void mpl__svg_line(mpl__text *out, double x1, double y1, double x2, double y2);

/** "x,y " in a list of points. */
void mpl__svg_point(mpl__text *out, double x, double y);

/** A text whose y is the middle of the line; its size is written if it is not `font`. */
void mpl__svg_text(mpl__text *out, const mpl__page_text *t, double font);

/** <g class="class" attributes>, and its end. */
void mpl__svg_begin(mpl__text *out, const char *class, const char *attributes);
void mpl__svg_end(mpl__text *out);

/** The beginning of a document: title, description, the model as metadata, the paper. */
void mpl__svg_head(mpl__text *out, const mpl_plot *plot, double width, double height, double font);

#endif
