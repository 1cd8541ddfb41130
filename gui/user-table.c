#include "user-table.h"

#include "csv.h"
#include "user-columns.h"
#include "user-reading.h"

#define AT_ONCE 500

struct table {
	LkUserList *list;
	guint next, count;
	GPtrArray *users; /* whose lines come next */
	GString *text;
};

static void text_free(gpointer text)
{
	if (text != NULL)
		g_string_free(text, TRUE);
}

static void table_free(gpointer data)
{
	struct table *table = data;

	g_object_unref(table->list);
	g_ptr_array_unref(table->users);
	text_free(table->text);
	g_free(table);
}

static void read_next(GTask *task);

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GTask *task = user_data;
	struct table *table = g_task_get_task_data(task);
	GError *error = NULL;

	(void)source;
	if (!lk_users_read_finish(result, &error)) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	for (guint i = 0; i < table->users->len; i++)
		lk_user_columns_append(table->text, table->users->pdata[i]);
	read_next(task);
}

/* Takes over TASK. */
static void read_next(GTask *task)
{
	struct table *table = g_task_get_task_data(task);
	guint end = MIN(table->next + AT_ONCE, table->count);

	if (table->next == table->count) {
		g_task_return_pointer(task, g_steal_pointer(&table->text), text_free);
		g_object_unref(task);
		return;
	}
	g_ptr_array_set_size(table->users, 0);
	for (; table->next < end; table->next++) {
		LkUser *user = lk_user_list_peek(table->list, table->next);
		if (user != NULL)
			g_ptr_array_add(table->users, user);
	}
	lk_users_read_async(
		g_task_get_source_object(task), table->users, FALSE, g_task_get_cancellable(task), read_cb, task);
}

void lk_users_table_async(
	LkSession *session, LkUserList *list, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	struct table *table = g_new0(struct table, 1);
	GTask *task = g_task_new(session, cancellable, callback, user_data);

	table->list = g_object_ref(list);
	table->count = g_list_model_get_n_items(G_LIST_MODEL(list));
	table->users = g_ptr_array_new_with_free_func(g_object_unref);
	table->text = lk_csv_new();
	lk_user_columns_append_titles(table->text);
	g_task_set_task_data(task, table, table_free);
	read_next(task);
}

GString *lk_users_table_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_pointer(G_TASK(result), error);
}
