/* Two providers that do not hear of each other can write what does not go together. syncrepl resolves such writes
 * attribute by attribute, the later one winning, so afterwards an account may be blocked with a password that works, a
 * message be open on an entry that is not marked as having any, or an account be listed for what it is not. Whoever
 * hears of such writes looks at the entry once more, the provider with the lowest number first: two that mended at once
 * would be at odds about who did. */
#include "overlay.h"

#define DOUBTS_MAX 4096 /* of one instance; beyond them another provider must do */
#define SECONDS_BETWEEN 2
#define PROVIDERS 16

struct lk_doubt {
	struct lk_doubt *next;
	time_t when; /* to look at it */
	struct berval ndn;
};

static void doubt_free(struct lk_doubt *doubt)
{
	ch_free(doubt->ndn.bv_val);
	ch_free(doubt);
}

void lk_mend_later(struct lk_instance *instance, const struct berval *ndn)
{
	struct lk_doubt *doubt = ch_calloc(1, sizeof *doubt), **link = &instance->doubts;
	size_t count = 0;

	doubt->when = slap_get_time() + slap_serverID % PROVIDERS * SECONDS_BETWEEN;
	ber_dupbv(&doubt->ndn, (struct berval *)ndn);
	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	while (*link && count++ < DOUBTS_MAX && !dn_match(&(*link)->ndn, ndn))
		link = &(*link)->next;
	if (!*link) {
		*link = doubt;
		doubt = NULL;
	}
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	if (doubt)
		doubt_free(doubt);
}

/* One that is to be looked at now, owned by the caller; NULL where there is none. */
static struct lk_doubt *take_doubt(struct lk_instance *instance, time_t now)
{
	struct lk_doubt **link = &instance->doubts, *taken;

	ldap_pvt_thread_mutex_lock(&instance->due_mutex);
	while (*link && (*link)->when > now)
		link = &(*link)->next;
	taken = *link;
	if (taken)
		*link = taken->next;
	ldap_pvt_thread_mutex_unlock(&instance->due_mutex);
	return taken;
}

void lk_mend_forget(struct lk_instance *instance)
{
	struct lk_doubt *doubt = instance->doubts;

	instance->doubts = NULL;
	while (doubt) {
		struct lk_doubt *next = doubt->next;

		doubt_free(doubt);
		doubt = next;
	}
}

static bool is_listed_wrong(const Entry *entry)
{
	Modifications *mods = NULL;
	bool wrong;

	lk_listed_mend(&mods, entry);
	wrong = mods != NULL;
	slap_mods_free(mods, 1);
	return wrong;
}

static bool has_fault(const Entry *entry)
{
	return lk_block_is_open(entry) || is_listed_wrong(entry);
}

static void see_fault(void *context, const Entry *stored)
{
	*(bool *)context = has_fault(stored);
}

static void mend_entry(Operation *op, struct lk_instance *instance, const Entry *entry)
{
	struct lk_modify modify = lk_backend_modify_of(instance, entry, "mend");
	Modifications **tail = &modify.mods;
	const char *text;
	int rc;

	modify.assertion = lk_entry_unchanged(op, entry);
	tail = lk_listed_mend(tail, entry);
	if (lk_block_is_open(entry))
		lk_block_append(op, tail, entry);
	rc = lk_backend_modify(op, &modify, &text);
	lk_log_event(op, "mend", "verdict=%s result=%d target=%s", rc == LDAP_SUCCESS ? "done" : "failed", rc,
		lk_log_value(op, &entry->e_nname));
	if (rc == LDAP_ASSERTION_FAILED)
		lk_mend_later(instance, &entry->e_nname);
}

static void look_again(Operation *op, struct lk_instance *instance, const struct berval *ndn)
{
	bool fault = false;
	Entry *entry = NULL;

	if (lk_backend_look(op, instance->be, ndn, see_fault, &fault) != LDAP_SUCCESS || !fault)
		return;
	if (lk_backend_fetch(op, instance->be, ndn, &entry) != LDAP_SUCCESS)
		return;
	if (has_fault(entry))
		mend_entry(op, instance, entry);
	entry_free(entry);
}

void lk_mend(Operation *op, struct lk_instance *instance)
{
	struct lk_doubt *doubt;

	while ((doubt = take_doubt(instance, op->o_time))) {
		look_again(op, instance, &doubt->ndn);
		doubt_free(doubt);
	}
}
