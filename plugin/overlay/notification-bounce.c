/* NotificationBounce: what a mail server had taken has come back. The mailer knows of the message what its bounce
 * address says, which is no name of an entry: it is found by its entryUUID. */
#include "overlay.h"

#include "../protocol/wire-bounce.h"

#define BOUNCE_TRIES 5 /* against other writes to the same entry */

struct found {
	bool is_there;
	struct berval ndn; /* in op's memory */
};

/* An lk_backend_found. */
static int found_entry(void *context, Operation *op, Entry *entry)
{
	struct found *found = context;

	ber_dupbv_x(&found->ndn, &entry->e_nname, op->o_tmpmemctx);
	found->is_there = true;
	return 1;
}

static struct found find_entry(Operation *op, struct lk_instance *instance, const struct lk_bounce *bounce)
{
	struct berval uuid = {LK_UUID_BYTES, (char *)bounce->sending.entry};
	struct found found = {false, BER_BVNULL};

	lk_backend_search(op, instance->be, &instance->nsuffix, LDAP_SCOPE_SUBTREE,
		lk_filter_equals(op, slap_schema.si_ad_entryUUID, &uuid), 0, found_entry, &found);
	return found;
}

static const struct berval *message_of(
	const Entry *entry, const struct lk_sending *sending, struct lk_message *ret_message)
{
	Attribute *a = attr_find(entry->e_attrs, lk_schema.message);

	for (unsigned i = 0; a && i < a->a_numvals; i++) {
		if (lk_message_parse(&a->a_vals[i], ret_message) == LK_OK && lk_bounce_is_of(ret_message, sending))
			return &a->a_vals[i];
	}
	return NULL;
}

/* LDAP_UNAVAILABLE: too early; trying at once would not help. */
static int note(Operation *op, struct lk_instance *instance, const Entry *entry, const struct lk_bounce *bounce)
{
	struct lk_message message, before;
	const struct berval *old = message_of(entry, &bounce->sending, &message);
	int rc;

	if (!old)
		return LDAP_NO_SUCH_OBJECT;
	switch (lk_bounce_judge(&message, &bounce->sending)) {
	case LK_BOUNCE_EARLY:
		return LDAP_UNAVAILABLE;
	case LK_BOUNCE_STALE:
		return LDAP_NO_SUCH_OBJECT;
	case LK_BOUNCE_COUNTS:
		break;
	}
	before = message;
	message.state = bounce->state;
	lk_notification_set_answer(&message, &bounce->answer);
	if (message.state == before.state && !strcmp(message.answer, before.answer))
		return LDAP_SUCCESS;
	rc = lk_notification_write(op, instance, entry, old, &message, "bounce");
	if (rc == LDAP_SUCCESS && message.state == LK_STATE_FAILED)
		lk_counters_add(&instance->counters, LK_COUNT_MESSAGES_FAILED);
	return rc;
}

static int bounce_in(Operation *op, struct lk_instance *instance, const struct lk_bounce *bounce)
{
	struct found found = find_entry(op, instance, bounce);
	int rc = LDAP_BUSY;

	if (!found.is_there)
		return LDAP_NO_SUCH_OBJECT;
	for (int i = 0; i < BOUNCE_TRIES && (rc == LDAP_BUSY || rc == LDAP_ASSERTION_FAILED); i++) {
		Entry *entry = NULL;

		if (lk_backend_fetch(op, instance->be, &found.ndn, &entry) != LDAP_SUCCESS)
			return LDAP_NO_SUCH_OBJECT;
		rc = note(op, instance, entry, bounce);
		entry_free(entry);
	}
	return rc == LDAP_ASSERTION_FAILED ? LDAP_BUSY : rc;
}

int lk_notification_bounce(Operation *op, SlapReply *rs)
{
	struct lk_bounce bounce;
	int rc = LDAP_NO_SUCH_OBJECT;

	if (!op->ore_reqdata || lk_wire_decode_bounce(op->ore_reqdata, &bounce) != LK_OK)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request is not in its documented form");
	if (lk_notification_check(op, rs) != LDAP_SUCCESS)
		return rs->sr_err;
	for (struct lk_instance *instance = lk_instances; instance && rc == LDAP_NO_SUCH_OBJECT;
		 instance = instance->next) {
		if (lk_notification_is_mailer(instance, op))
			rc = bounce_in(op, instance, &bounce);
	}
	switch (rc) {
	case LDAP_SUCCESS:
		return rs->sr_err = rc;
	case LDAP_NO_SUCH_OBJECT:
		return lk_fail(rs, rc, "there is no such message, or it has been settled in another way since");
	case LDAP_UNAVAILABLE:
		return lk_fail(rs, LDAP_BUSY, "the message has not been settled as sent yet");
	default:
		return lk_fail(rs, rc, "the report cannot be written now");
	}
}
