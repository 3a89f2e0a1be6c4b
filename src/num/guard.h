/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GSL's error handler aborts the process; the library turns it off before its first call, once (see base.h). */
#ifndef MPL_NUM_GUARD_H
#define MPL_NUM_GUARD_H

void mpl__guard(void);

#endif
