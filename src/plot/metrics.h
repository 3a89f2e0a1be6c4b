/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How wide text is on paper. Renderers have no font to ask, so columns are laid out with the advance widths of DejaVu
 * Sans; Arial and Helvetica, next in the font list, are narrower, so nothing runs over where DejaVu is missing.
 */
#ifndef MPL_PLOT_METRICS_H
#define MPL_PLOT_METRICS_H

#include <stdint.h>

#include "base/arena.h"

/** Width in the unit of `size`, the font size. Scripts outside the table are estimated on the wide side. */
double mpl__text_width(const char *text, double size, bool bold);

/** `text` if it fits into `width`, else a shorter copy that ends in an ellipsis. NULL if out of memory. */
const char *mpl__text_fit(mpl__arena *arena, const char *text, double size, bool bold, double width);

/** Bytes of the longest beginning that fits into `width`, cut at a blank if there is one; at least one character. */
size_t mpl__text_line(const char *text, double size, bool bold, double width);

/** True if the font is known to have a glyph for the character, or needs none: the larger scripts, not every one. */
bool mpl__text_has_glyph(uint32_t code);

#endif
