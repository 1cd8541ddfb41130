/* Attributes that are computed when they are asked for; here latchkeyMethodState, the methods that a user has enrolled,
 * told from attributes that nobody reads; and latchkeyRole, the groups that a user is in, nested ones included. */
#include "overlay.h"

#include <stdio.h>

/* A consumer that reads whole entries would store what it is shown. */
static bool is_for_replication(const Operation *op)
{
	const struct lk_instance *instance = lk_instance_of(op->o_bd);

	return (instance && lk_is_reader(op, instance)) || (slap_cids.sc_LDAPsync && op->o_sync > SLAP_CONTROL_IGNORED);
}

/* For ad_inlist() "+" is a name, too. */
static bool is_named(const AttributeName *names, const AttributeDescription *ad)
{
	while (names && !BER_BVISNULL(&names->an_name) && names->an_desc != ad)
		names++;
	return names && names->an_desc == ad;
}

static bool is_asked_for(const Operation *op, const SlapReply *rs, AttributeDescription *ad)
{
	if (is_named(rs->sr_attrs, ad))
		return true;
	return (SLAP_OPATTRS(rs->sr_attr_flags) || (rs->sr_attrs && ad_inlist(ad, rs->sr_attrs))) &&
		   !LK_GUARD("computed-is-not-replicated", is_for_replication(op));
}

/* "totp"; "recoveryCode" and how many are left. NULL where there is none of these. */
static Attribute *method_state(const Entry *entry)
{
	struct berval totp = BER_BVC("totp"), codes;
	Attribute *state;
	struct lk_printed printed;
	bool has_totp = attr_find(entry->e_attrs, lk_schema.totp) != NULL;
	char text[sizeof "recoveryCode 4294967295"];
	struct berval values[2];
	int count = 0;

	if (has_totp)
		values[count++] = totp;
	lk_printed_load(entry, &printed);
	if (lk_printed_left(&printed)) {
		codes.bv_val = text;
		codes.bv_len = (ber_len_t)snprintf(text, sizeof text, "recoveryCode %u", lk_printed_left(&printed));
		values[count++] = codes;
	}
	if (!count)
		return NULL;
	state = attr_alloc(lk_schema.method_state);
	attr_valadd(state, values, NULL, count);
	return state;
}

static const struct {
	unsigned role;
	struct berval name;
} role_names[] = {
	{LK_ROLE_GLOBAL_ADMIN, BER_BVC("globalAdministrator")},
	{LK_ROLE_PASSWORD_ADMIN, BER_BVC("passwordAdministrator")},
	{LK_ROLE_AUDITOR, BER_BVC("auditor")},
};

static Attribute *role(Operation *op, const Entry *entry)
{
	const struct lk_instance *instance = lk_instance_of(op->o_bd);
	unsigned roles = instance ? lk_groups_roles_anywhere(op, instance->be, &entry->e_nname) : 0;
	struct berval values[sizeof role_names / sizeof *role_names];
	Attribute *attribute;
	int count = 0;

	for (size_t i = 0; i < sizeof role_names / sizeof *role_names; i++) {
		if (roles & role_names[i].role)
			values[count++] = role_names[i].name;
	}
	if (!count)
		return NULL;
	attribute = attr_alloc(lk_schema.role);
	attr_valadd(attribute, values, NULL, count);
	return attribute;
}

static void append(SlapReply *rs, Attribute *attribute)
{
	Attribute **tail = &rs->sr_operational_attrs;

	while (*tail)
		tail = &(*tail)->a_next;
	*tail = attribute;
}

/* This runs for each entry of each search, of which most ask for none of these. */
int lk_operational(Operation *op, SlapReply *rs)
{
	if ((!rs->sr_attrs && !SLAP_OPATTRS(rs->sr_attr_flags)) || !rs->sr_entry)
		return SLAP_CB_CONTINUE;
	if (is_asked_for(op, rs, lk_schema.method_state))
		append(rs, method_state(rs->sr_entry));
	if (is_named(rs->sr_attrs, lk_schema.role))
		append(rs, role(op, rs->sr_entry));
	if (is_named(rs->sr_attrs, lk_schema.verdict))
		append(rs, lk_verdict_attribute(op, rs->sr_entry));
	return SLAP_CB_CONTINUE;
}
