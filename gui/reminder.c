#include "reminder.h"

#include "session-recovery.h"

static gboolean is_administrator(LkSession *session)
{
	return (lk_session_get_roles(session) & (LK_ROLES_GLOBAL | LK_ROLES_PASSWORD)) != 0;
}

gboolean lk_reminder_is_due(LkSession *session, const struct lk_person *person, const struct lk_rules *rules)
{
	const char *const *addresses = (const char *const *)person->addresses;
	const char *const *methods = (const char *const *)person->methods;

	return is_administrator(session) && lk_rules_remind(rules, lk_rules_enrolled(addresses, methods));
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	struct lk_person *person = lk_session_read_finish(LK_SESSION(source), result, NULL);

	g_task_return_boolean(
		task, person != NULL && lk_reminder_is_due(LK_SESSION(source), person, g_task_get_task_data(task)));
	lk_person_free(person);
}

static void rules_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	LkSession *session = LK_SESSION(source);
	struct lk_rules *rules = lk_session_read_rules_finish(session, result, NULL);

	if (rules == NULL) {
		g_task_return_boolean(task, FALSE);
		return;
	}
	g_task_set_task_data(task, rules, g_free);
	lk_session_read_async(
		session, lk_session_get_dn(session), g_task_get_cancellable(task), read_cb, g_object_ref(task));
}

void lk_reminder_ask_async(
	LkSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(session, cancellable, callback, user_data);

	if (!is_administrator(session) || lk_session_get_dn(session) == NULL)
		g_task_return_boolean(task, FALSE);
	else
		lk_session_read_rules_async(session, cancellable, rules_cb, g_object_ref(task));
}

gboolean lk_reminder_ask_finish(GAsyncResult *result)
{
	return g_task_propagate_boolean(G_TASK(result), NULL);
}
