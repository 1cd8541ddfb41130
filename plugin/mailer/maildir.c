#include "maildir.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "durable.h"
#include "secret.h"

struct lk_maildir {
	struct lk_transport transport; /* first, so that one is the other */
	char *path;
};

/* Composed mails have no CR but those that end lines. */
static void append_without_cr(struct lk_secret *text, const char *bytes, size_t length)
{
	for (const char *end = bytes + length; bytes < end;) {
		const char *cr = memchr(bytes, '\r', (size_t)(end - bytes));
		const char *stop = cr ? cr : end;
		lk_secret_append(text, bytes, (size_t)(stop - bytes));
		bytes = stop + (cr != NULL);
	}
}

/* Not there, or there completely and for good. */
static int store(const char *path, const char *name, const struct lk_secret *text)
{
	char *draft = g_strdup_printf("%s/tmp/%s", path, name);
	char *place = g_strdup_printf("%s/new/%s", path, name);
	char *folder = g_strdup_printf("%s/new", path);
	int result = lk_durable_create(draft, lk_secret_text(text), text->length);

	if (result == 0 && (result = g_rename(draft, place)) < 0) {
		int reason = errno;
		g_unlink(draft);
		errno = reason;
	}
	if (result == 0)
		result = lk_durable_sync_directory(folder);
	int reason = errno;
	g_free(draft);
	g_free(place);
	g_free(folder);
	errno = reason;
	return result;
}

static void deliver(struct lk_transport *transport, const struct lk_mail *mail, struct lk_delivery *ret_delivery)
{
	const struct lk_maildir *maildir = (const struct lk_maildir *)transport;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	char *name = g_strdup_printf("%" G_GINT64_FORMAT ".%s.eml", now, mail->id);
	struct lk_secret text = {0};

	append_without_cr(&text, mail->bytes, mail->length);
	bool is_stored = store(maildir->path, name, &text) == 0;
	lk_secret_wipe(&text);
	ret_delivery->state = is_stored ? LK_STATE_SENT : LK_STATE_DEFERRED;
	ret_delivery->is_away = !is_stored;
	g_snprintf(ret_delivery->answer, sizeof ret_delivery->answer, "%s%s",
		is_stored ? "stored as new/" : "the maildir cannot be written: ", is_stored ? name : g_strerror(errno));
	g_free(name);
}

static void maildir_free(struct lk_transport *transport)
{
	struct lk_maildir *maildir = (struct lk_maildir *)transport;

	g_free(maildir->path);
	g_free(maildir);
}

static int make_folders(const char *path, struct lk_complaint *ret_complaint)
{
	static const char *const folders[] = {"tmp", "new", "cur"};
	int result = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(folders) && result == 0; i++) {
		char *folder = g_build_filename(path, folders[i], NULL);
		if (g_mkdir_with_parents(folder, 0700) < 0)
			result = lk_complain(ret_complaint, "%s: %s", folder, g_strerror(errno));
		g_free(folder);
	}
	return result;
}

int lk_maildir_new(const char *path, struct lk_transport **ret_transport, struct lk_complaint *ret_complaint)
{
	if (make_folders(path, ret_complaint) < 0)
		return -1;

	struct lk_maildir *maildir = g_new0(struct lk_maildir, 1);
	maildir->transport = (struct lk_transport){.deliver = deliver, .free = maildir_free};
	maildir->path = g_strdup(path);
	*ret_transport = &maildir->transport;
	return 0;
}
