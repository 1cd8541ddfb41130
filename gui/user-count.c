#include "user-count.h"

#include <glib/gi18n.h>

#include "text.h"
#include "user-sorting.h"

static char *sorted_text(GtkColumnView *view, guint count, const char *number)
{
	gboolean descending;
	GtkColumnViewColumn *column = lk_user_sorting_get(view, &descending);
	const char *title = column == NULL ? "" : gtk_column_view_column_get_title(column);

	return lk_text_fill(descending ? g_dngettext(GETTEXT_PACKAGE, "{number} user, sorted by: {column}, descending",
										 "{number} users, sorted by: {column}, descending", count)
								   : g_dngettext(GETTEXT_PACKAGE, "{number} user, sorted by: {column}",
										 "{number} users, sorted by: {column}", count),
		"number", number, "column", title, NULL);
}

char *lk_user_count_text(LkUserList *list, GtkColumnView *view, gboolean too_many)
{
	guint count = g_list_model_get_n_items(G_LIST_MODEL(list));
	char number[16];

	if (lk_user_list_get_busy(list) && count == 0)
		return g_strdup(_("Searching…"));
	g_snprintf(number, sizeof number, "%u", count);
	if (lk_user_list_is_limited(list))
		return lk_text_fill(_("The first {number} users. The directory shows you no more: search for those you need."),
			"number", number, NULL);
	if (lk_user_list_is_sorted(list))
		return sorted_text(view, count, number);
	if (lk_user_list_get_complete(list))
		return lk_text_fill(
			g_dngettext(GETTEXT_PACKAGE, "{number} user", "{number} users", count), "number", number, NULL);
	return lk_text_fill(
		too_many ? _("The first {number} users, in no order: so many are not sorted. Search for those you need.")
				 : _("The first {number} users, in no order. Scroll down for more."),
		"number", number, NULL);
}
