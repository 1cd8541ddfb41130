#include "latchkey.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "client-call.h"
#include "error.h"
#include "oid.h"
#include "wire-bounce.h"
#include "wire-overview.h"

static struct lk_notification *copy_taken(const struct lk_taken *taken, size_t count)
{
	struct lk_notification *items = g_new0(struct lk_notification, count);

	for (size_t i = 0; i < count; i++) {
		const struct berval *sealed = &taken[i].sealed;
		items[i].holder = g_strndup(taken[i].holder.bv_val, taken[i].holder.bv_len);
		items[i].message = g_strndup(taken[i].message.bv_val, taken[i].message.bv_len);
		items[i].sealed.bv_val = g_memdup2(sealed->bv_val, sealed->bv_len);
		items[i].sealed.bv_len = sealed->bv_len;
		items[i].entry_uuid.bv_val = g_memdup2(taken[i].entry_uuid.bv_val, taken[i].entry_uuid.bv_len);
		items[i].entry_uuid.bv_len = taken[i].entry_uuid.bv_len;
	}
	return items;
}

static int read_taken(LDAP *ld, const struct lk_answer *answer, struct lk_notification **ret_items, size_t *ret_count)
{
	struct lk_taken *taken = NULL;
	size_t count = 0;
	int error = answer->value == NULL ? LK_ERR_MALFORMED : lk_wire_decode_taken(answer->value, &taken, &count);

	if (error != LK_OK)
		return lk_call_fail_answer(ld, error);
	*ret_items = count == 0 ? NULL : copy_taken(taken, count);
	*ret_count = count;
	free(taken);
	return LDAP_SUCCESS;
}

int lk_client_take(LDAP *ld, int most, int lease_seconds, struct lk_notification **ret_items, size_t *ret_count)
{
	struct lk_take take = {.most = most, .lease = lease_seconds};
	struct berval *value = NULL;
	int error = lk_wire_encode_take(&take, &value);
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);

	struct lk_answer answer = {0};
	int rc = lk_call_extended(ld, LK_EXOP_NOTIFICATION_TAKE, value, NULL, &answer);
	if (rc == LDAP_SUCCESS)
		rc = read_taken(ld, &answer, ret_items, ret_count);
	lk_answer_clear(&answer);
	lk_wire_free(value);
	return rc;
}

void lk_client_notifications_free(struct lk_notification *items, size_t count)
{
	if (items == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		g_free(items[i].holder);
		g_free(items[i].message);
		g_free(items[i].sealed.bv_val);
		g_free(items[i].entry_uuid.bv_val);
	}
	g_free(items);
}

/* queued is no outcome, so no name leads to it. */
static int find_state(const char *name, enum lk_state *ret_state)
{
	static const enum lk_state outcomes[] = {LK_STATE_DEFERRED, LK_STATE_SENT, LK_STATE_FAILED};

	for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(outcomes); i++) {
		if (strcmp(name, lk_state_name(outcomes[i])) == 0) {
			*ret_state = outcomes[i];
			return LK_OK;
		}
	}
	return LK_ERR_MALFORMED;
}

static int fill_settlement(const struct lk_settling *item, struct lk_settlement *settlement)
{
	if (item->holder == NULL || item->id == NULL || strlen(item->id) != LK_ID_TEXT)
		return LK_ERR_MALFORMED;
	const char *answer = item->answer == NULL ? "" : item->answer;

	memcpy(settlement->id, item->id, LK_ID_TEXT + 1);
	settlement->holder = (struct berval){.bv_len = strlen(item->holder), .bv_val = (char *)item->holder};
	settlement->answer = (struct berval){.bv_len = strlen(answer), .bv_val = (char *)answer};
	settlement->retry_at = item->retry_at;
	return find_state(item->state, &settlement->state);
}

static int encode_settle(const struct lk_settling *items, size_t count, struct berval **ret_value)
{
	if (items == NULL || count == 0 || count > LK_TAKE_MAX)
		return LK_ERR_MALFORMED;

	struct lk_settlement *settlements = g_new0(struct lk_settlement, count);
	int error = LK_OK;
	for (size_t i = 0; error == LK_OK && i < count; i++)
		error = fill_settlement(&items[i], &settlements[i]);
	if (error == LK_OK)
		error = lk_wire_encode_settle(settlements, count, ret_value);
	g_free(settlements);
	return error;
}

static int read_settled(LDAP *ld, const struct lk_answer *answer, size_t expected, int **ret_results)
{
	int *results = NULL;
	size_t count = 0;
	int error = answer->value == NULL ? LK_ERR_MALFORMED : lk_wire_decode_settled(answer->value, &results, &count);

	if (error == LK_OK && count != expected) {
		free(results);
		error = LK_ERR_MALFORMED;
	}
	if (error != LK_OK)
		return lk_call_fail_answer(ld, error);
	*ret_results = results;
	return LDAP_SUCCESS;
}

int lk_client_settle(LDAP *ld, const struct lk_settling *items, size_t count, int **ret_results)
{
	struct berval *value = NULL;
	int error = encode_settle(items, count, &value);
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);

	struct lk_answer answer = {0};
	int rc = lk_call_extended(ld, LK_EXOP_NOTIFICATION_SETTLE, value, NULL, &answer);
	if (rc == LDAP_SUCCESS)
		rc = read_settled(ld, &answer, count, ret_results);
	lk_answer_clear(&answer);
	lk_wire_free(value);
	return rc;
}

void lk_client_results_free(int *results)
{
	free(results);
}

int lk_client_bounce(LDAP *ld, const struct lk_bounced *bounced)
{
	const char *answer = bounced->answer == NULL ? "" : bounced->answer;
	struct lk_bounce bounce = {
		.sending = {.attempt = bounced->attempt},
		.state = bounced->failed ? LK_STATE_FAILED : LK_STATE_SENT,
		.answer = {.bv_len = strlen(answer), .bv_val = (char *)answer},
	};
	struct berval *value = NULL;

	memcpy(bounce.sending.entry, bounced->entry_uuid, sizeof bounce.sending.entry);
	memcpy(bounce.sending.id, bounced->id, sizeof bounce.sending.id);
	int error = lk_wire_encode_bounce(&bounce, &value);
	if (error != LK_OK)
		return lk_call_fail_request(ld, error);
	int rc = lk_call_plain(ld, LK_EXOP_NOTIFICATION_BOUNCE, value);
	lk_wire_free(value);
	return rc;
}

int lk_client_overview(LDAP *ld, struct lk_overview *ret_overview)
{
	struct lk_answer answer = {0};
	struct lk_wire_overview overview;
	int rc = lk_call_extended(ld, LK_EXOP_NOTIFICATION_OVERVIEW, NULL, NULL, &answer);

	if (rc == LDAP_SUCCESS) {
		int error = answer.value == NULL ? LK_ERR_MALFORMED : lk_wire_decode_overview(answer.value, &overview);
		if (error != LK_OK)
			rc = lk_call_fail_answer(ld, error);
		else
			*ret_overview = (struct lk_overview){
				.failed = (unsigned)overview.failed, .open = (unsigned)overview.open, .durable = overview.durable};
	}
	lk_answer_clear(&answer);
	return rc;
}
