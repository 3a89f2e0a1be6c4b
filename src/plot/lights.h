/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judgements of the risk of bias as they are typed: words of RoB 2, ROBINS-I, the first Cochrane tool, or signs. */
#ifndef MPL_PLOT_LIGHTS_H
#define MPL_PLOT_LIGHTS_H

#include <metapool/dataset.h>

enum { MPL__MOST_LIGHTS = 12 };

/** "+", "?" or a minus sign; NULL if the word says none of them. */
const char *mpl__light_sign(const char *word);

/** True if the name begins with "rob" and some cell is a judgement. */
bool mpl__light_is_column(const mpl_column *column, size_t n_rows);

#endif
