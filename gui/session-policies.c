#include "session-policies.h"

#include <string.h>

#include "policy-effect.h"
#include "policy-look.h"
#include "policy-read.h"
#include "write.h"

/* The trail of refusals, and mails to the contact, are written to the entry too: a change of the entry that is
 * none of the policy. */
#define TRIES 3

static void card_free(gpointer card)
{
	lk_policy_card_free(card);
}

static void findings_free(gpointer findings)
{
	lk_findings_free(findings);
}

/* -- Reading -- */

static int compare_cards(gconstpointer a, gconstpointer b)
{
	const struct lk_policy_card *one = *(const struct lk_policy_card *const *)a,
								*other = *(const struct lk_policy_card *const *)b;

	if (one->kind != other->kind)
		return one->kind == &lk_policy_of_recovery ? -1 : 1;
	return g_utf8_collate(one->name, other->name);
}

static int read_policies(struct lk_connection *connection, GTask *task)
{
	GPtrArray *cards = g_ptr_array_new_with_free_func(card_free);
	GCancellable *cancellable = g_task_get_cancellable(task);
	int rc = lk_policy_read(connection, &lk_policy_of_recovery, NULL, cancellable, cards);

	if (rc == LDAP_SUCCESS)
		rc = lk_policy_effect(connection, cancellable, cards);
	if (rc == LDAP_SUCCESS)
		rc = lk_policy_read(connection, &lk_policy_of_passwords, NULL, cancellable, cards);
	if (rc != LDAP_SUCCESS) {
		g_ptr_array_unref(cards);
		return rc;
	}
	g_ptr_array_sort(cards, compare_cards);
	g_task_return_pointer(task, cards, (GDestroyNotify)g_ptr_array_unref);
	return LDAP_SUCCESS;
}

void lk_session_read_policies_async(
	LkSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {read_policies, LK_STEP_READ, true};

	lk_session_push(self, &job, g_task_new(self, cancellable, callback, user_data));
}

GPtrArray *lk_session_read_policies_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}

/* -- Checking -- */

static int check_policy(struct lk_connection *connection, GTask *task)
{
	const struct lk_policy_card *card = g_task_get_task_data(task);
	struct lk_findings *findings = lk_findings_new();
	int rc = card->kind == &lk_policy_of_passwords
				 ? LDAP_SUCCESS
				 : lk_policy_look(connection, card, g_task_get_cancellable(task), findings);

	if (rc == LDAP_SUCCESS)
		g_task_return_pointer(task, findings, findings_free);
	else
		lk_findings_free(findings);
	return rc;
}

void lk_session_check_policy_async(LkSession *self, const struct lk_policy_card *card, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {check_policy, LK_STEP_READ, true};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, lk_policy_card_copy(card), card_free);
	lk_session_push(self, &job, task);
}

struct lk_findings *lk_session_check_policy_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}

/* -- Saving and removing -- */

struct saving {
	struct lk_policy_card *before, *after; /* AFTER is NULL for what is removed */
};

static void saving_free(gpointer data)
{
	struct saving *saving = data;

	lk_policy_card_free(saving->before);
	lk_policy_card_free(saving->after);
	g_free(saving);
}

/* The mods for what differs; MODS has room for one of each field and the end. */
static void collect_mods(const struct saving *saving, LDAPMod *mods, LDAPMod **list)
{
	const struct lk_policy_kind *kind = saving->after->kind;
	size_t count = 0;

	for (size_t i = 0; i < kind->count; i++) {
		char **before = saving->before->values[i], **after = saving->after->values[i];
		if (lk_policy_same(&kind->fields[i], (const char *const *)before, (const char *const *)after))
			continue;
		mods[count] = (LDAPMod){.mod_op = LDAP_MOD_REPLACE,
			.mod_type = (char *)kind->fields[i].attribute,
			.mod_values = after[0] == NULL ? NULL : after};
		list[count] = &mods[count];
		count++;
	}
	list[count] = NULL;
}

static int modify(struct lk_connection *connection, const struct saving *saving, LDAPControl **controls)
{
	LDAPMod mods[LK_POLICY_FIELDS_MOST], *list[LK_POLICY_FIELDS_MOST + 1];

	collect_mods(saving, mods, list);
	return list[0] == NULL ? LDAP_SUCCESS : lk_write_modify(connection, saving->before->dn, list, controls);
}

/* LDAP_ASSERTION_FAILED where the entry was written to since. */
static int write_asserting(struct lk_connection *connection, const struct saving *saving)
{
	g_autofree char *filter = g_strdup_printf("(entryCSN=%s)", saving->before->csn);
	LDAPControl *controls[] = {NULL, NULL};
	int rc = ldap_create_assertion_control(connection->ld, filter, 1, &controls[0]);

	if (rc != LDAP_SUCCESS)
		return rc;
	rc = saving->after == NULL ? lk_write_delete(connection, saving->before->dn, controls)
							   : modify(connection, saving, controls);
	ldap_control_free(controls[0]);
	return rc;
}

/* Whether the policy still says what it said; the stamp of its last write is taken then. */
static int read_again(struct lk_connection *connection, struct saving *saving)
{
	GPtrArray *cards = g_ptr_array_new_with_free_func(card_free);
	int rc = lk_policy_read(connection, saving->before->kind, saving->before->dn, NULL, cards);

	if (rc == LDAP_SUCCESS && (cards->len != 1 || !lk_policy_cards_same(saving->before, cards->pdata[0])))
		rc = LDAP_ASSERTION_FAILED;
	if (rc == LDAP_SUCCESS) {
		struct lk_policy_card *now = cards->pdata[0];
		g_free(saving->before->csn);
		saving->before->csn = g_steal_pointer(&now->csn);
	}
	g_ptr_array_unref(cards);
	return rc;
}

static int write_unless_changed(struct lk_connection *connection, struct saving *saving)
{
	int rc = saving->before->csn == NULL ? LDAP_INSUFFICIENT_ACCESS : LDAP_ASSERTION_FAILED;

	for (int i = 0; i < TRIES && rc == LDAP_ASSERTION_FAILED; i++) {
		int again = i == 0 ? LDAP_SUCCESS : read_again(connection, saving);
		if (again != LDAP_SUCCESS || saving->before->csn == NULL)
			return again == LDAP_SUCCESS ? LDAP_INSUFFICIENT_ACCESS : again;
		rc = write_asserting(connection, saving);
	}
	return rc;
}

static int add(struct lk_connection *connection, const struct saving *saving)
{
	char *classes[] = {(char *)saving->after->kind->object_class, NULL}, *names[] = {saving->after->name, NULL};
	LDAPMod class = {.mod_type = (char *)"objectClass", .mod_values = classes},
			name = {.mod_type = (char *)"cn", .mod_values = names};
	LDAPMod mods[LK_POLICY_FIELDS_MOST], *list[LK_POLICY_FIELDS_MOST + 3];

	collect_mods(saving, mods, list + 2);
	for (size_t i = 2; list[i] != NULL; i++)
		list[i]->mod_op = LDAP_MOD_ADD;
	list[0] = &class;
	list[1] = &name;
	return lk_write_add(connection, saving->after->dn, list);
}

static int save_policy(struct lk_connection *connection, GTask *task)
{
	struct saving *saving = g_task_get_task_data(task);
	int rc = saving->before->dn == NULL ? add(connection, saving) : write_unless_changed(connection, saving);

	if (rc == LDAP_SUCCESS)
		g_task_return_boolean(task, TRUE);
	return rc;
}

void lk_session_save_policy_async(LkSession *self, const struct lk_policy_card *before,
	const struct lk_policy_card *after, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {save_policy, LK_STEP_POLICY, false};
	GTask *task = g_task_new(self, NULL, callback, user_data);
	struct saving *saving = g_new0(struct saving, 1);

	*saving = (struct saving){lk_policy_card_copy(before), lk_policy_card_copy(after)};
	g_task_set_task_data(task, saving, saving_free);
	lk_session_push(self, &job, task);
}

void lk_session_remove_policy_async(
	LkSession *self, const struct lk_policy_card *card, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {save_policy, LK_STEP_POLICY_REMOVE, false};
	GTask *task = g_task_new(self, NULL, callback, user_data);
	struct saving *saving = g_new0(struct saving, 1);

	saving->before = lk_policy_card_copy(card);
	g_task_set_task_data(task, saving, saving_free);
	lk_session_push(self, &job, task);
}

gboolean lk_session_save_policy_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_boolean(G_TASK(result), error);
}

gboolean lk_session_remove_policy_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_boolean(G_TASK(result), error);
}
