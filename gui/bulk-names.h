/* Lists of users as people have them: names that were pasted, or a table that a spreadsheet saved. Pure.
 *
 *   text = row *(line-end row)          each row as in RFC 4180, but cells are also parted by ";" or a tab
 *
 * A name is what lk_session_find_async() takes: a user name, mail address, employee number or DN. Which cells are names?
 *   - Where the first row has titles, those of the column for user names, else employee numbers, else mail addresses.
 *   - Of several rows of the same number of cells, two or more: the first column.
 *   - Otherwise every cell. A row with "=" in it that is a DN is one name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LK_BULK_NAMES_MOST 5000

/* OCTETS of a file as UTF-8 without a byte order mark: from UTF-8, UTF-16 with its mark, or CP949, in which Korean spreadsheets save
 * by themselves. NULL where it is none of them. Free it with g_free(). */
char *lk_bulk_names_decode(const char *octets, size_t length);

/* The names in TEXT, each once, in their order, ended by NULL; at most LK_BULK_NAMES_MOST of them, and *ret_cut says whether there are
 * more. Free it with g_strfreev(). */
char **lk_bulk_names_read(const char *text, bool *ret_cut);
