/* Who is told of what was done: the messages go into the write that does it, on the entry that it is done to, so that
 * neither is stored without the other. They hold no secret. */
#include "overlay.h"

#include "../protocol/address.h"

#define ADDRESSES_TOLD 8 /* of one user */
#define ADMINISTRATORS_TOLD 16

static unsigned wanted_for(enum lk_kind kind)
{
	switch (kind) {
	case LK_KIND_PASSWORD_CHANGED:
	case LK_KIND_PASSWORD_RECOVERED:
	case LK_KIND_CREDENTIAL_CHANGED:
		return LK_TELL_PASSWORD_CHANGED;
	case LK_KIND_ACCOUNT_UNLOCKED:
		return LK_TELL_ACCOUNT_UNLOCKED;
	case LK_KIND_ADDRESS_CHANGED:
		return LK_TELL_ADDRESS_CHANGED;
	case LK_KIND_RESENT_ELSEWHERE:
		return LK_TELL_RESENT_ELSEWHERE;
	case LK_KIND_ADMINISTRATOR_RESET:
		return LK_TELL_ADMINISTRATOR_RESET;
	case LK_KIND_MISUSE_REPORTED:
		return LK_TELL_MISUSE_REPORTED;
	default:
		return 0;
	}
}

struct telling {
	Operation *op;
	const struct lk_target *target;
	const struct lk_news *news;
	struct lk_outbox *outbox;
	enum lk_kind to_administrators; /* what they are told with */
	struct berval actor_name; /* owned; empty: the user did it */
	struct berval told[ADMINISTRATORS_TOLD]; /* addresses, or DNs of administrators */
	size_t told_count;
};

static void post(const struct telling *telling, const struct lk_target *reader, struct lk_outgoing *outgoing)
{
	struct berval unsaid = BER_BVC("");
	int rc;

	outgoing->language = lk_target_language(reader, &unsaid);
	outgoing->actor_dn = telling->news->actor;
	outgoing->actor_name = telling->actor_name;
	rc = lk_outbox_post(telling->outbox, reader, outgoing, telling->op->o_time);
	if (rc != LDAP_SUCCESS)
		lk_log_event(telling->op, "tell", "verdict=failed result=%d kind=%s target=%s", rc,
			lk_kind_name(outgoing->kind), lk_log_value(telling->op, &telling->target->entry->e_nname));
}

/* --- the user --------------------------------------------------------------------------------------------------- */

static bool was_told_at(const struct telling *telling, const struct berval *address)
{
	for (size_t i = 0; i < telling->told_count; i++) {
		if (lk_address_equal(&telling->told[i], address))
			return true;
	}
	return lk_address_equal(&telling->news->except, address);
}

static bool tell_at(const struct berval *address, void *context)
{
	struct telling *telling = context;
	struct lk_outgoing outgoing = {.kind = telling->news->kind, .to = *address, .about = telling->news->about};

	if (telling->told_count == ADDRESSES_TOLD)
		return true;
	if (was_told_at(telling, address))
		return false;
	telling->told[telling->told_count++] = *address;
	post(telling, telling->target, &outgoing);
	return false;
}

/* At a mailbox inside as well: there is no secret in it, and whoever has just lost their password to somebody often has
 * that mailbox open still, while they look at the one outside once a month. */
static void tell_user(struct telling *telling)
{
	telling->told_count = 0;
	lk_target_each_on_record(telling->target, tell_at, telling);
}

/* --- the administrators ------------------------------------------------------------------------------------------- */

static bool is_administrator(Operation *op, const struct lk_target *target)
{
	unsigned roles = lk_groups_roles(op, target->governance.policy, target->instance->be, &target->entry->e_nname);

	return (roles & (LK_ROLE_GLOBAL_ADMIN | LK_ROLE_PASSWORD_ADMIN)) != 0;
}

static bool take_first(const struct berval *address, void *context)
{
	*(struct berval *)context = *address;
	return true;
}

/* One mail each: whose account it is has several so that somebody who reads one of them hides nothing; here the others
 * do that. */
static bool find_address(const struct lk_target *reader, struct berval *ret_address)
{
	return lk_target_address(reader, ret_address) || lk_target_each_on_record(reader, take_first, ret_address);
}

static struct berval login_or_dn(const struct lk_target *target)
{
	struct berval login = lk_target_login(target);

	return BER_BVISEMPTY(&login) ? target->entry->e_name : login;
}

static struct berval name_or_login(const struct lk_target *target)
{
	struct berval name = lk_target_name(target);

	return BER_BVISEMPTY(&name) ? login_or_dn(target) : name;
}

/* Messages about somebody stand on their entry, also those to administrators: one write. Who may read them there may
 * not read where administrators get their mail. To another administrator their names are shown; users do not find out
 * here who they are. */
static void tell_reader(struct telling *telling, const struct lk_target *reader)
{
	struct berval unnamed = BER_BVC(LK_ADMINISTRATORS);
	struct lk_outgoing outgoing = {
		.kind = telling->to_administrators,
		.login = login_or_dn(telling->target),
		.about = name_or_login(telling->target),
		.addressee = telling->to_administrators == LK_KIND_ADMINISTRATOR_RESET ? login_or_dn(reader) : unnamed,
	};

	if (find_address(reader, &outgoing.to))
		post(telling, reader, &outgoing);
}

static bool is_known(const struct telling *telling, const struct berval *member)
{
	for (size_t i = 0; i < telling->told_count; i++) {
		if (dn_match(&telling->told[i], member))
			return true;
	}
	return dn_match(&telling->target->entry->e_nname, member);
}

/* Whoever did it is told as well: it may have been done in their name. */
static bool tell_member(Operation *op, const struct berval *member, void *context)
{
	struct telling *telling = context;
	const struct lk_target *target = telling->target;
	struct lk_target reader = {.snapshot = target->snapshot, .instance = target->instance, .now = target->now};
	BackendDB *be;

	if (telling->told_count == ADMINISTRATORS_TOLD)
		return true;
	be = is_known(telling, member) ? NULL : select_backend((struct berval *)member, 0);
	if (!be || lk_backend_fetch(op, be, member, &reader.entry) != LDAP_SUCCESS)
		return false;
	reader.governance = lk_snapshot_govern(target->snapshot, member);
	if (!reader.governance.policy)
		reader.governance = target->governance;
	ber_dupbv_x(&telling->told[telling->told_count++], (struct berval *)member, op->o_tmpmemctx);
	tell_reader(telling, &reader);
	entry_free(reader.entry);
	return false;
}

static void tell_administrators(struct telling *telling, enum lk_kind with)
{
	if (!(telling->target->governance.policy->tell & wanted_for(with)))
		return;
	telling->to_administrators = with;
	telling->told_count = 0;
	lk_groups_each_member(telling->op, telling->target->governance.policy->global_admins, tell_member, telling);
}

/* --- both --------------------------------------------------------------------------------------------------------- */

static void see_name(void *context, const Entry *stored)
{
	struct lk_target view = {.entry = (Entry *)stored};
	struct berval name = lk_target_name(&view);

	if (!BER_BVISEMPTY(&name))
		ber_dupbv(context, &name);
}

/* The rootdn need not have an entry; but nobody is to take what another did for their own doing. */
static void find_actor_name(struct telling *telling)
{
	const struct berval *actor = &telling->news->actor;
	BackendDB *be = select_backend((struct berval *)actor, 0);

	if (be)
		lk_backend_look(telling->op, be, actor, see_name, &telling->actor_name);
	if (BER_BVISEMPTY(&telling->actor_name) || !lk_text_is_clean(&telling->actor_name)) {
		ch_free(telling->actor_name.bv_val);
		ber_dupbv(&telling->actor_name, (struct berval *)actor);
	}
}

void lk_tell(Operation *op, const struct lk_target *target, const struct lk_news *news, struct lk_outbox *outbox)
{
	struct telling telling = {.op = op, .target = target, .news = news, .outbox = outbox};
	unsigned wanted = target->governance.policy->tell;

	if (!target->instance->mailer_keys)
		return; /* which was said when the database was opened */
	if (!BER_BVISEMPTY(&news->actor))
		find_actor_name(&telling);
	if (news->kind == LK_KIND_MISUSE_REPORTED)
		tell_administrators(&telling, news->kind);
	else if (wanted & wanted_for(news->kind))
		tell_user(&telling);
	if (news->is_reset && is_administrator(op, target))
		tell_administrators(&telling, LK_KIND_ADMINISTRATOR_RESET);
	ch_free(telling.actor_name.bv_val);
}

Modifications **lk_tell_append(
	Operation *op, Modifications **tail, const struct lk_target *target, const struct lk_news *news)
{
	struct lk_outbox *outbox = lk_outbox_new(target->entry);

	lk_tell(op, target, news, outbox);
	tail = lk_outbox_store(tail, outbox, op->o_time);
	lk_outbox_free(outbox);
	return tail;
}
