#include "kept.h"

#include "dn.h"

#define MARK "losses"

struct lk_kept {
	LkSession *session;
	GtkWidget *pages;
	GPtrArray *dialogs; /* those that others belong to first */
};

void lk_kept_mark(GtkWindow *dialog, unsigned losses)
{
	g_object_set_data(G_OBJECT(dialog), MARK, GUINT_TO_POINTER(losses));
}

static unsigned losses_of(const GPtrArray *dialogs)
{
	unsigned losses = 0;

	for (guint i = 0; i < dialogs->len; i++)
		losses |= GPOINTER_TO_UINT(g_object_get_data(dialogs->pdata[i], MARK));
	return losses;
}

/* Adds to DIALOGS those of WINDOW that can be seen, each before its own. */
static void find_dialogs(GtkWindow *window, GPtrArray *dialogs)
{
	GList *windows = gtk_window_list_toplevels();

	for (GList *at = windows; at != NULL; at = at->next) {
		if (gtk_window_get_transient_for(at->data) != window || !gtk_widget_get_visible(at->data))
			continue;
		g_ptr_array_add(dialogs, g_object_ref(at->data));
		find_dialogs(at->data, dialogs);
	}
	g_list_free(windows);
}

static GPtrArray *dialogs_of(GtkWindow *window)
{
	GPtrArray *dialogs = g_ptr_array_new_with_free_func(g_object_unref);

	find_dialogs(window, dialogs);
	return dialogs;
}

unsigned lk_kept_losses(GtkWindow *window)
{
	g_autoptr(GPtrArray) dialogs = dialogs_of(window);

	return losses_of(dialogs);
}

GtkWindow *lk_kept_topmost(GtkWindow *window)
{
	g_autoptr(GPtrArray) dialogs = dialogs_of(window);

	return dialogs->len == 0 ? window : dialogs->pdata[dialogs->len - 1];
}

struct lk_kept *lk_kept_new(GtkWindow *window, GtkWidget *pages, LkSession *session)
{
	struct lk_kept *kept = g_new0(struct lk_kept, 1);

	*kept =
		(struct lk_kept){.session = g_object_ref(session), .pages = g_object_ref(pages), .dialogs = dialogs_of(window)};
	for (guint i = kept->dialogs->len; i > 0; i--)
		gtk_widget_set_visible(kept->dialogs->pdata[i - 1], FALSE);
	gtk_widget_set_visible(pages, FALSE);
	return kept;
}

unsigned lk_kept_get_losses(const struct lk_kept *kept)
{
	return losses_of(kept->dialogs);
}

gboolean lk_kept_is_of(const struct lk_kept *kept, LkSession *session)
{
	const char *one = lk_session_get_dn(kept->session), *other = lk_session_get_dn(session);

	if (one == NULL || other == NULL ||
		!g_str_equal(lk_session_get_profile(kept->session)->id, lk_session_get_profile(session)->id))
		return FALSE;
	g_autofree char *dn = lk_dn_fold(one), *other_dn = lk_dn_fold(other);
	return g_str_equal(dn, other_dn);
}

/* One may have closed by itself meanwhile. */
GtkWidget *lk_kept_show(struct lk_kept *kept)
{
	GList *windows = gtk_window_list_toplevels();

	gtk_widget_set_visible(kept->pages, TRUE);
	for (guint i = 0; i < kept->dialogs->len; i++) {
		if (g_list_find(windows, kept->dialogs->pdata[i]) != NULL)
			gtk_window_present(kept->dialogs->pdata[i]);
	}
	g_list_free(windows);
	return kept->pages;
}

LkSession *lk_kept_get_session(const struct lk_kept *kept)
{
	return kept->session;
}

void lk_kept_free(struct lk_kept *kept)
{
	if (kept == NULL)
		return;
	g_object_unref(kept->session);
	g_object_unref(kept->pages);
	g_ptr_array_unref(kept->dialogs);
	g_free(kept);
}
