#include "clipboard.h"

#include <sodium.h>
#include <string.h>

static struct {
	GdkClipboard *clipboard; /* NULL where nothing is lent */
	GdkContentProvider *content; /* whose identity tells ours from what others have put there */
	guint timer;
} lent;

static void erase(gpointer text)
{
	sodium_memzero(text, strlen(text));
	g_free(text);
}

static GdkContentProvider *make_content(const char *text)
{
	char *copy = g_strdup(text);
	GBytes *octets = g_bytes_new_with_free_func(copy, strlen(copy), erase, copy);
	GdkContentProvider *kinds[] = {gdk_content_provider_new_for_bytes("text/plain;charset=utf-8", octets),
		gdk_content_provider_new_for_bytes("UTF8_STRING", octets)};
	GdkContentProvider *content = gdk_content_provider_new_union(kinds, G_N_ELEMENTS(kinds));

	g_bytes_unref(octets);
	return content;
}

void lk_clipboard_clear(void)
{
	if (lent.clipboard == NULL)
		return;
	if (gdk_clipboard_get_content(lent.clipboard) == lent.content)
		gdk_clipboard_set_content(lent.clipboard, NULL);
	g_clear_handle_id(&lent.timer, g_source_remove);
	g_clear_object(&lent.content);
	g_clear_object(&lent.clipboard);
}

static gboolean over_cb(gpointer user_data)
{
	(void)user_data;
	lent.timer = 0;
	lk_clipboard_clear();
	return G_SOURCE_REMOVE;
}

void lk_clipboard_lend(GdkDisplay *display, const char *text, guint seconds)
{
	lk_clipboard_clear();
	lent.clipboard = g_object_ref(gdk_display_get_clipboard(display));
	lent.content = make_content(text);
	gdk_clipboard_set_content(lent.clipboard, lent.content);
	lent.timer = g_timeout_add_seconds(seconds, over_cb, NULL);
}
