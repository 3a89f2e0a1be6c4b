/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures for LaTeX: the SVG that the plot layer draws, as a TikZ picture with the document's fonts. */
#ifndef MPL_REPORT_TEX_FIGURE_H
#define MPL_REPORT_TEX_FIGURE_H

#include "base/text.h"

/** Adds a tikzpicture. @param put  escapes a text for LaTeX */
void mpl__tex_figure(mpl__text *out, const char *svg, void (*put)(mpl__text *t, const char *text));

#endif
