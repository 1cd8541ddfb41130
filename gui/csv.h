/* Tables as comma-separated values (RFC 4180) that a spreadsheet opens as they are: UTF-8 with a byte order mark, without which
 * Excel shows Hangul as garbage; and no cell is taken for a formula. Pure. */
#pragma once

#include <glib.h>

/* A table with nothing in it but the byte order mark. Free it with g_string_free(). */
GString *lk_csv_new(void);

/* Appends a row of CELLS, ended by NULL. A cell that begins as a formula does gets an apostrophe before it. */
void lk_csv_append(GString *table, const char *const *cells);
