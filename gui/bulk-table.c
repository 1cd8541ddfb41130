#include "bulk-table.h"

#include <glib/gi18n.h>

#include "csv.h"
#include "text.h"

#define COLUMNS 9

static void append_titles(GString *table, gboolean with_passwords)
{
	const char *const titles[COLUMNS + 1] = {_("In the list"), _("Name"), _("User name"), _("Department"),
		_("Employee number"), _("Was reset"), _("Result"), _("Works until"), with_passwords ? _("Password") : NULL};

	lk_csv_append(table, titles);
}

static void append_item(GString *table, LkBulkItem *item, gboolean with_passwords)
{
	const struct lk_person *person = lk_bulk_item_get_person(item);
	struct lk_secret *password = with_passwords ? lk_bulk_item_get_password(item) : NULL;
	time_t expires = lk_bulk_item_get_expires(item);
	g_autofree char *until = expires == 0 ? g_strdup("") : lk_text_time_short(expires);
	g_autofree char *name = NULL, *login = NULL, *result = NULL;

	g_object_get(item, "name", &name, "login", &login, "result", &result, NULL);
	const char *cells[COLUMNS + 1] = {lk_bulk_item_get_given(item), name, person == NULL ? "" : login,
		person == NULL ? "" : person->department, person == NULL ? "" : person->number, lk_bulk_item_get_verdict(item),
		result, until, with_passwords ? "" : NULL};
	if (password != NULL)
		cells[COLUMNS - 1] = lk_secret_open(password, NULL);
	lk_csv_append(table, cells);
	if (password != NULL)
		lk_secret_close(password);
}

GString *lk_bulk_table(LkBulk *bulk, gboolean with_passwords)
{
	/* Long enough from the beginning: a string that grows leaves what it held behind. */
	guint count = g_list_model_get_n_items(G_LIST_MODEL(bulk));
	GString *table = lk_csv_new();

	if (with_passwords) {
		gsize length = table->len;
		g_string_set_size(table, length + (gsize)(count + 1) * 4096);
		g_string_set_size(table, length);
	}
	append_titles(table, with_passwords);
	for (guint i = 0; i < count; i++) {
		g_autoptr(LkBulkItem) item = g_list_model_get_item(G_LIST_MODEL(bulk), i);
		append_item(table, item, with_passwords);
	}
	return table;
}
