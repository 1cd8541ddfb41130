#include "user-scope.h"

#include <glib/gi18n.h>
#include <string.h>

#include "dn.h"
#include "drop-down.h"
#include "text.h"

#define FILTER "(objectClass=organizationalUnit)"

/* Beyond that nobody chooses from a list. */
#define MOST_UNITS 300

#define WIDEST 20 /* characters */

struct unit {
	char *dn;
	char *path;
};

static void unit_free(gpointer data)
{
	struct unit *unit = data;

	g_free(unit->dn);
	g_free(unit->path);
	g_free(unit);
}

static int compare(gconstpointer a, gconstpointer b)
{
	const struct unit *one = *(struct unit *const *)a, *other = *(struct unit *const *)b;

	return g_utf8_collate(one->path, other->path);
}

static GPtrArray *make_units(GPtrArray *found, const char *base)
{
	GPtrArray *units = g_ptr_array_new_with_free_func(unit_free);

	for (guint i = 0; i < found->len; i++) {
		struct lk_person *entry = found->pdata[i];
		g_autofree char *path = lk_dn_path(entry->account->dn, base);
		if (*path == '\0')
			continue;
		struct unit *unit = g_new0(struct unit, 1);
		unit->dn = g_strdup(entry->account->dn);
		unit->path = lk_text_clean(path);
		g_ptr_array_add(units, unit);
	}
	g_ptr_array_sort(units, compare);
	return units;
}

static void show(GtkDropDown *choice, GPtrArray *units)
{
	g_autoptr(GtkStringList) names = gtk_string_list_new((const char *const[]){_("Whole directory"), NULL});

	for (guint i = 0; i < units->len; i++)
		gtk_string_list_append(names, ((struct unit *)units->pdata[i])->path);
	g_object_set_data_full(G_OBJECT(choice), "units", units, (GDestroyNotify)g_ptr_array_unref);
	gtk_drop_down_set_model(choice, G_LIST_MODEL(names));
	gtk_widget_set_visible(GTK_WIDGET(choice), units->len > 0);
}

/* Without the units, the whole directory is looked through: that is no error to tell. */
static void found_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GtkDropDown) choice = user_data;
	LkSession *session = LK_SESSION(source);
	struct lk_list_page *page = lk_session_list_finish(session, result, NULL);

	if (page != NULL)
		show(choice, make_units(page->people, lk_session_get_base(session)));
	lk_list_page_free(page);
}

void lk_user_scope_fill(GtkDropDown *choice, LkSession *session)
{
	static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
	const struct lk_list_request request = {.filter = (char *)FILTER, .attributes = nothing, .limit = MOST_UNITS};

	lk_drop_down_give_way(choice, PANGO_ELLIPSIZE_START, WIDEST);
	lk_session_list_async(session, &request, NULL, found_cb, g_object_ref(choice));
}

const char *lk_user_scope_get(GtkDropDown *choice)
{
	GPtrArray *units = g_object_get_data(G_OBJECT(choice), "units");
	guint chosen = gtk_drop_down_get_selected(choice);

	if (units == NULL || chosen == 0 || chosen > units->len)
		return NULL;
	return ((struct unit *)units->pdata[chosen - 1])->dn;
}
