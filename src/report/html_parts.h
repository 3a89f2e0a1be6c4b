/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style sheet and the script of HTML reports (html_parts.c). Neither holds "<", "&" or anything that is fetched. */
#ifndef MPL_REPORT_HTML_PARTS_H
#define MPL_REPORT_HTML_PARTS_H

extern const char mpl__html_style[], mpl__html_script[];

#endif
