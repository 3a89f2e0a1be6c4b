/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a role beside its names. */
#ifndef MPL_DATA_ROLE_H
#define MPL_DATA_ROLE_H

#include <metapool/dataset.h>

/** True if columns with this role are counts of people or events. NULL is none. */
bool mpl__role_is_count(const char *id);

#endif
