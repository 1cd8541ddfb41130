/* Where a list of users is pasted, or read from a file. Signal "changed". */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LK_TYPE_BULK_NAMES_PAGE (lk_bulk_names_page_get_type())
G_DECLARE_FINAL_TYPE(LkBulkNamesPage, lk_bulk_names_page, LK, BULK_NAMES_PAGE, AdwBin)

/* The names that are given, ended by NULL. Free it with g_strfreev(). */
char **lk_bulk_names_page_read(LkBulkNamesPage *page);

G_END_DECLS
