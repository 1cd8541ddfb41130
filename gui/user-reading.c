#include "user-reading.h"

#include <string.h>

#include "filter.h"

/* A filter of five kilobytes; slapd looks each up in the index of entryUUID. */
#define AT_ONCE 100

struct reading {
	GHashTable *asked; /* of LkUser, by their UUIDs: what the search under way is for */
	GPtrArray *users;
	guint next;
	gboolean again;
};

static void reading_free(gpointer data)
{
	struct reading *reading = data;

	g_hash_table_unref(reading->asked);
	g_ptr_array_unref(reading->users);
	g_free(reading);
}

static gboolean is_to_be_read(const struct reading *reading, LkUser *user)
{
	static const unsigned char none[LK_UUID_SIZE];

	return (reading->again || !lk_user_is_settled(user)) && !lk_uuid_equal(lk_user_get_uuid(user), none);
}

/* The filter for the next users; NULL where there are no more. */
static char *next_filter(struct reading *reading)
{
	unsigned char uuids[AT_ONCE * LK_UUID_SIZE];
	guint count = 0;

	g_hash_table_remove_all(reading->asked);
	for (; reading->next < reading->users->len && count < AT_ONCE; reading->next++) {
		LkUser *user = reading->users->pdata[reading->next];
		if (!is_to_be_read(reading, user))
			continue;
		g_hash_table_insert(reading->asked, (gpointer)lk_user_get_uuid(user), user);
		memcpy(uuids + LK_UUID_SIZE * count++, lk_user_get_uuid(user), LK_UUID_SIZE);
	}
	return count == 0 ? NULL : lk_filter_uuids(uuids, count);
}

static void take_people(struct reading *reading, GPtrArray *people)
{
	GHashTableIter iterator;
	gpointer user;

	for (guint i = 0; i < people->len; i++) {
		struct lk_person *person = people->pdata[i];
		user = g_hash_table_lookup(reading->asked, person->uuid);
		if (user == NULL)
			continue;
		g_hash_table_remove(reading->asked, person->uuid);
		people->pdata[i] = NULL;
		lk_user_take_person(user, person);
	}
	g_hash_table_iter_init(&iterator, reading->asked);
	while (g_hash_table_iter_next(&iterator, NULL, &user))
		lk_user_set_gone(user);
}

static void go_on(GTask *task);

static void page_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GTask *task = user_data;
	GError *error = NULL;
	struct lk_list_page *page = lk_session_list_finish(LK_SESSION(source), result, &error);

	if (page == NULL) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	take_people(g_task_get_task_data(task), page->people);
	lk_list_page_free(page);
	go_on(task);
}

/* Takes over TASK. */
static void go_on(GTask *task)
{
	char *filter = next_filter(g_task_get_task_data(task));

	if (filter == NULL) {
		g_task_return_boolean(task, TRUE);
		g_object_unref(task);
		return;
	}
	const struct lk_list_request request = {.filter = filter};
	lk_session_list_async(g_task_get_source_object(task), &request, g_task_get_cancellable(task), page_cb, task);
	g_free(filter);
}

void lk_users_read_async(LkSession *session, GPtrArray *users, gboolean again, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	struct reading *reading = g_new0(struct reading, 1);
	GTask *task = g_task_new(session, cancellable, callback, user_data);

	reading->asked = g_hash_table_new(lk_uuid_hash, lk_uuid_equal);
	reading->users = g_ptr_array_ref(users);
	reading->again = again;
	g_task_set_task_data(task, reading, reading_free);
	go_on(task);
}

gboolean lk_users_read_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}
