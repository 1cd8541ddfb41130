#include "csv.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* What spreadsheets take for a formula, also after spaces that they strip. */
static const char formula[] = "=+-@\t\r\n";

GString *lk_csv_new(void)
{
	return g_string_new(BYTE_ORDER_MARK);
}

static gboolean is_formula(const char *cell)
{
	const char *begin = cell + strspn(cell, " ");

	return *begin != '\0' && strchr(formula, *begin) != NULL;
}

static void append_cell(GString *table, const char *cell)
{
	g_string_append_c(table, '"');
	if (is_formula(cell))
		g_string_append_c(table, '\'');
	for (const char *at = cell; *at != '\0'; at++) {
		if (*at == '"')
			g_string_append_c(table, '"');
		g_string_append_c(table, *at);
	}
	g_string_append_c(table, '"');
}

void lk_csv_append(GString *table, const char *const *cells)
{
	for (size_t i = 0; cells[i] != NULL; i++) {
		if (i > 0)
			g_string_append_c(table, ',');
		append_cell(table, cells[i]);
	}
	g_string_append(table, "\r\n");
}
