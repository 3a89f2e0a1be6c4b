/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MPL_MEMBER is in the public header, for programs that have option tables of their own. */
#ifndef MPL_BASE_MEMBER_H
#define MPL_BASE_MEMBER_H

#include <metapool/option.h>

#endif
