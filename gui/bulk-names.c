#include "bulk-names.h"

#include <glib.h>
#include <string.h>

#include "dn.h"

/* -- Octets -- */

static char *convert(const char *octets, size_t length, const char *charset)
{
	gsize written = 0;
	char *text = g_convert(octets, (gssize)length, "UTF-8", charset, NULL, &written, NULL);

	if (text != NULL && strlen(text) != written)
		g_clear_pointer(&text, g_free);
	return text;
}

char *lk_bulk_names_decode(const char *octets, size_t length)
{
	static const char utf8_mark[] = "\xef\xbb\xbf";

	if (length >= 2 && (memcmp(octets, "\xff\xfe", 2) == 0 || memcmp(octets, "\xfe\xff", 2) == 0))
		return convert(octets, length, "UTF-16");
	if (length >= strlen(utf8_mark) && memcmp(octets, utf8_mark, strlen(utf8_mark)) == 0) {
		octets += strlen(utf8_mark);
		length -= strlen(utf8_mark);
	}
	if (g_utf8_validate(octets, (gssize)length, NULL))
		return g_strndup(octets, length);
	return convert(octets, length, "CP949");
}

/* -- Rows -- */

static void end_cell(GPtrArray *row, GString *cell)
{
	g_ptr_array_add(row, g_strstrip(g_strdup(cell->str)));
	g_string_truncate(cell, 0);
}

/* Reads a quoted cell from behind its first quote; returns what is behind the last. */
static const char *read_quoted(const char *at, GString *cell)
{
	for (; *at != '\0'; at++) {
		if (*at == '"' && at[1] != '"')
			return at + 1;
		if (*at == '"')
			at++;
		g_string_append_c(cell, *at);
	}
	return at;
}

static GPtrArray *new_row(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

/* Where the line at *AT is a DN, a row of it alone, and *AT is behind it; else NULL. */
static GPtrArray *read_dn(const char **at)
{
	size_t length = strcspn(*at, "\r\n");
	char *line = g_strstrip(g_strndup(*at, length));
	GPtrArray *row = NULL;

	if (lk_dn_is(line)) {
		row = new_row();
		g_ptr_array_add(row, g_steal_pointer(&line));
		*at += length;
	}
	g_free(line);
	return row;
}

static GPtrArray *read_row(const char **ret_at)
{
	const char *at = *ret_at;
	GPtrArray *row = read_dn(ret_at);
	GString *cell;

	if (row != NULL)
		return row;
	row = new_row();
	cell = g_string_new(NULL);
	while (*at != '\0' && *at != '\r' && *at != '\n') {
		if (strchr(",;\t", *at) != NULL) {
			end_cell(row, cell);
			at++;
		} else if (*at == '"' && cell->len == 0) {
			at = read_quoted(at + 1, cell);
		} else {
			g_string_append_c(cell, *at++);
		}
	}
	end_cell(row, cell);
	g_string_free(cell, TRUE);
	*ret_at = at;
	return row;
}

static bool is_blank(const GPtrArray *row)
{
	for (guint i = 0; i < row->len; i++) {
		if (*(const char *)row->pdata[i] != '\0')
			return false;
	}
	return true;
}

static void row_free(gpointer row)
{
	g_ptr_array_unref(row);
}

static GPtrArray *read_rows(const char *text)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);

	for (const char *at = text + strspn(text, "\r\n"); *at != '\0'; at += strspn(at, "\r\n")) {
		GPtrArray *row = read_row(&at);
		if (is_blank(row))
			g_ptr_array_unref(row);
		else
			g_ptr_array_add(rows, row);
	}
	return rows;
}

/* -- Columns -- */

/* What programs and people call these columns, the Latchkey app's own tables included. */
static const char *const titles[][7] = {
	{"user name", "uid", "username", "login", "user", "사용자 이름", "아이디"},
	{"employee number", "employeenumber", "number", "사번"},
	{"mail", "e-mail", "email", "mail address", "메일", "이메일"},
};

static int find_column(const GPtrArray *row, const char *const *names, size_t count)
{
	for (guint i = 0; i < row->len; i++) {
		char *low = g_utf8_strdown(row->pdata[i], -1);
		bool found = false;

		for (size_t j = 0; j < count && names[j] != NULL && !found; j++)
			found = strcmp(low, names[j]) == 0;
		g_free(low);
		if (found)
			return (int)i;
	}
	return -1;
}

static int find_title(const GPtrArray *row)
{
	int column = -1;

	for (size_t i = 0; i < G_N_ELEMENTS(titles) && column < 0; i++)
		column = find_column(row, titles[i], G_N_ELEMENTS(titles[i]));
	return column;
}

static bool is_table(const GPtrArray *rows)
{
	guint width = rows->len == 0 ? 0 : ((const GPtrArray *)rows->pdata[0])->len;

	for (guint i = 0; i < rows->len; i++) {
		if (((const GPtrArray *)rows->pdata[i])->len != width)
			return false;
	}
	return rows->len > 1 && width > 1;
}

/* -- Names -- */

struct names {
	GPtrArray *list;
	GHashTable *seen;
	bool cut;
};

static void add_name(struct names *names, const char *name)
{
	if (*name == '\0' || g_hash_table_contains(names->seen, name))
		return;
	if (names->list->len == LK_BULK_NAMES_MOST) {
		names->cut = true;
		return;
	}
	g_ptr_array_add(names->list, g_strdup(name));
	g_hash_table_add(names->seen, names->list->pdata[names->list->len - 1]);
}

static void add_column(struct names *names, const GPtrArray *row, guint column)
{
	if (column < row->len)
		add_name(names, row->pdata[column]);
}

static void add_all(struct names *names, const GPtrArray *row)
{
	for (guint i = 0; i < row->len; i++)
		add_name(names, row->pdata[i]);
}

char **lk_bulk_names_read(const char *text, bool *ret_cut)
{
	GPtrArray *rows = read_rows(text);
	struct names names = {.list = g_ptr_array_new(), .seen = g_hash_table_new(g_str_hash, g_str_equal)};
	int column = rows->len == 0 ? -1 : find_title(rows->pdata[0]);
	guint first = column >= 0 ? 1 : 0;

	if (column < 0 && is_table(rows))
		column = 0;
	for (guint i = first; i < rows->len; i++) {
		if (column >= 0)
			add_column(&names, rows->pdata[i], (guint)column);
		else
			add_all(&names, rows->pdata[i]);
	}
	g_ptr_array_add(names.list, NULL);
	g_hash_table_unref(names.seen);
	g_ptr_array_unref(rows);
	*ret_cut = names.cut;
	return (char **)g_ptr_array_free(names.list, FALSE);
}
