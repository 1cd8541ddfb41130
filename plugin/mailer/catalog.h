/* One gettext catalogue (.mo), looked up directly. A mail is written in its reader's language, not in the process's, so
 * the C library's gettext(), which answers for the current locale and needs that locale installed, is of no use here.
 *
 * The format (GNU gettext manual, "The Format of GNU MO Files"): 32-bit numbers in one byte order
 *   0  0x950412de    4  revision, major part 0    8  number N of strings    12  offset O    16  offset T
 *   at O: N pairs of length and offset of the originals, sorted; at T: the same for the translations; each string has a
 *   NUL after it. An original with a context is context EOT text. */
#pragma once

#include "complaint.h"

struct lk_catalog;

/* Reads all of PATH. Free it with lk_catalog_free(). */
int lk_catalog_load(const char *path, struct lk_catalog **ret_catalog, struct lk_complaint *ret_complaint);
void lk_catalog_free(struct lk_catalog *catalog); /* takes NULL */

/* The translation of TEXT in CONTEXT, or TEXT itself where there is none (or CATALOG is NULL). The result lives as long
 * as the catalogue and TEXT do. */
const char *lk_catalog_find(const struct lk_catalog *catalog, const char *context, const char *text);
