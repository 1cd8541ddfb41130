/* An account that is deleted and added again, or renamed while another takes its name, would be a reset in steps: whoever has the
 * name has the rights that hang on it. So the names of an account are remembered for the cool-down of its policy when somebody
 * takes them away who may not reset its password. An entry that is added under such a name can have no credentials, and its
 * addresses count after the cool-down, but for those that counted before; one that has credentials already does not get the
 * name. The same account may have it back.
 *
 * What is remembered stands in an entry of its own beside the recovery entries, hidden and replicated as they are, and is written
 * before the name is free: what a crash leaves behind remembers too much. Values of latchkeyFormerName are
 *
 *   dn:     and the normalized DN of an entry that was deleted
 *   below:  and that of an entry that was renamed: what stood below it was renamed too
 *   login:  and the normalized DN of the policy, a colon, and the normalized value of a login attribute */
#pragma once

#include "overlay.h"

/* Appends KIND, and what it is of, in op's memory. */
void lk_former_add_name(Operation *op, BerVarray *names, const char *kind, const struct berval *of);
/* The same of each of VALUES of a login attribute, ended by BER_BVNULL; of each that ENTRY has; of each that MODS put
 * in. */
void lk_former_add_logins(Operation *op, BerVarray *names, const struct lk_policy *policy, const struct berval *values);
void lk_former_add_logins_of(Operation *op, BerVarray *names, const struct lk_policy *policy, const Entry *entry);
void lk_former_add_given(Operation *op, BerVarray *names, const struct lk_policy *policy, const Modifications *mods);
/* Whether people under POLICY sign in with AD. */
bool lk_former_is_login(const struct lk_policy *policy, const AttributeDescription *ad);
bool lk_former_takes_away(const Modifications *mod);
bool lk_former_puts_in(const Modifications *mod);
const struct berval *lk_former_normalized(const Modifications *mod);
bool lk_former_is_among(const BerVarray names, const struct berval *name);

struct lk_former_search {
	Operation *op;
	BerVarray names; /* that are to be taken */
	struct berval tree; /* or any below it; or BER_BVNULL */
	struct berval uuid; /* of who takes them; or empty */
	bool own; /* look for what is remembered of UUID, else of others */
	size_t found;
	struct berval dn, ndn; /* of the last that was found */
	BerVarray addresses; /* of all that were found */
	bool arrives; /* who takes them was governed by another policy */
};
/* Finds in all databases what is remembered, until its time is over. */
void lk_former_search(struct lk_former_search *search);

/* Whether the actor may reset the password of whoever has that name: then it is no way around anything. */
struct lk_verdict lk_former_verdict(Operation *op, const struct lk_instance *instance,
	const struct lk_governance *governance, const struct berval *ndn);
