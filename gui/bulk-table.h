/* What came of several resets, as a table of csv.h. */
#pragma once

#include "bulk.h"

/* A row for each name of BULK, with the passwords that are known or without any. Free it with lk_save_table(), or erase it. */
GString *lk_bulk_table(LkBulk *bulk, gboolean with_passwords);
