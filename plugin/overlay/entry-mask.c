/* What slapo-ppolicy sees while a recovery or an administrator writes a password. Its rules on quality and history are
 * to hold; minimum age, "must supply the old password" and "users may not change it" are not to stop the way back in.
 * It reads both the entry and its policy through the overlay stack, so marked operations are lent copies without those
 * attributes. */
#include "overlay.h"

static void strip(Entry *entry, AttributeDescription *ad)
{
	if (ad)
		attr_delete(&entry->e_attrs, ad);
}

static bool has(const Entry *entry, AttributeDescription *ad)
{
	return ad && attr_find(entry->e_attrs, ad);
}

/* Whether there is anything in ENTRY that must not stop the write. */
static bool must_be_masked(const Entry *entry, bool is_target)
{
	return (is_target && has(entry, lk_schema.pwd_changed)) || has(entry, lk_schema.pwd_min_age) ||
		   has(entry, lk_schema.pwd_safe_modify) || has(entry, lk_schema.pwd_allow_user_change);
}

static bool lend(Entry **lent, Entry *copy)
{
	for (size_t i = 0; i < LK_MASKED_MAX; i++) {
		if (!lent[i]) {
			lent[i] = copy;
			return true;
		}
	}
	return false;
}

/* The entry as the overlays after this one and the backend give it. */
static int get_next(Operation *op, slap_overinst *on, struct berval *ndn, ObjectClass *oc, AttributeDescription *ad,
	int rw, Entry **ret_entry)
{
	BackendInfo *info = op->o_bd->bd_info;
	int rc;

	if (on->on_next)
		return overlay_entry_get_ov(op, ndn, oc, ad, rw, ret_entry, on->on_next);
	op->o_bd->bd_info = on->on_info->oi_orig;
	rc = be_entry_get_rw(op, ndn, oc, ad, rw, ret_entry);
	op->o_bd->bd_info = info;
	return rc;
}

static void release_next(Operation *op, slap_overinst *on, Entry *entry, int rw)
{
	BackendInfo *info = op->o_bd->bd_info;

	if (on->on_next) {
		overlay_entry_release_ov(op, entry, rw, on->on_next);
		return;
	}
	op->o_bd->bd_info = on->on_info->oi_orig;
	be_entry_release_rw(op, entry, rw);
	op->o_bd->bd_info = info;
}

/* Puts a copy of *STORED in its place, which the caller strips; false where it has to be shown as it is. */
static bool replace(Operation *op, slap_overinst *on, int rw, Entry **lent, Entry **stored)
{
	Entry *copy = entry_dup(*stored);

	if (!lend(lent, copy)) {
		entry_free(copy);
		return false;
	}
	release_next(op, on, *stored, rw);
	*stored = copy;
	return true;
}

/* A drawn password is added as a hash, which ppolicy cannot judge. */
static void show_to_welcome(Operation *op, slap_overinst *on, int rw, Entry **lent, Entry **stored)
{
	if (has(*stored, lk_schema.pwd_check_quality) && replace(op, on, rw, lent, stored))
		strip(*stored, lk_schema.pwd_check_quality);
}

static void show_to_way_back(Operation *op, slap_overinst *on, int rw, struct lk_mark *mark, Entry **stored)
{
	bool is_target = dn_match(&(*stored)->e_nname, &mark->target);

	if (!must_be_masked(*stored, is_target) || !replace(op, on, rw, mark->masked, stored))
		return;
	if (is_target)
		strip(*stored, lk_schema.pwd_changed);
	strip(*stored, lk_schema.pwd_min_age);
	strip(*stored, lk_schema.pwd_safe_modify);
	strip(*stored, lk_schema.pwd_allow_user_change);
}

/* False where OP is neither ours nor an Add: slapo-ppolicy reads entries several times in each bind. */
static inline bool may_be_shown_copies(const Operation *op)
{
	return lk_backend_may_be_internal(op) || op->o_tag == LDAP_REQ_ADD;
}

int lk_entry_get(
	Operation *op, struct berval *ndn, ObjectClass *oc, AttributeDescription *ad, int rw, Entry **ret_entry)
{
	slap_overinst *on = (slap_overinst *)op->o_bd->bd_info;
	struct lk_mark *mark;
	Entry *stored = NULL, **lent;
	int rc;

	if (!may_be_shown_copies(op) || rw)
		return SLAP_CB_CONTINUE;
	mark = lk_mark_of(op);
	lent = mark ? NULL : lk_welcome_lent(op);
	if (!lent && (!mark || !LK_GUARD("ppolicy-for-a-way-back", mark->mask)))
		return SLAP_CB_CONTINUE;

	rc = get_next(op, on, ndn, oc, ad, rw, &stored);
	if (rc != LDAP_SUCCESS || !stored)
		return rc;
	if (lent)
		show_to_welcome(op, on, rw, lent, &stored);
	else
		show_to_way_back(op, on, rw, mark, &stored);
	*ret_entry = stored;
	return LDAP_SUCCESS;
}

int lk_entry_release(Operation *op, Entry *entry, int rw)
{
	struct lk_mark *mark;
	Entry **lent;

	(void)rw;
	if (!may_be_shown_copies(op))
		return SLAP_CB_CONTINUE;
	mark = lk_mark_of(op);
	lent = mark ? mark->masked : lk_welcome_lent(op);
	for (size_t i = 0; lent && i < LK_MASKED_MAX; i++) {
		if (lent[i] != entry)
			continue;
		lent[i] = NULL;
		entry_free(entry);
		return LDAP_SUCCESS;
	}
	return SLAP_CB_CONTINUE;
}

/* --- databases without the overlay -------------------------------------------------------------------------------- */

/* ppolicy's policies may stand in one. Its backend type is asked there, which is the same as that of our own. */
static BI_entry_get_rw *inner_get;
static BI_entry_release_rw *inner_release;

static int get_elsewhere(
	Operation *op, struct berval *ndn, ObjectClass *oc, AttributeDescription *ad, int rw, Entry **ret_entry)
{
	int rc = inner_get(op, ndn, oc, ad, rw, ret_entry);
	struct lk_mark *mark = !may_be_shown_copies(op) || rw ? NULL : lk_mark_of(op);
	Entry *copy;

	if (rc != LDAP_SUCCESS || !*ret_entry || !mark || !LK_GUARD("ppolicy-elsewhere-for-a-way-back", mark->mask))
		return rc;
	if (lk_instance_of(op->o_bd) || !must_be_masked(*ret_entry, false))
		return rc;
	copy = entry_dup(*ret_entry);
	if (!lend(mark->masked, copy)) {
		entry_free(copy);
		return rc;
	}
	inner_release(op, *ret_entry, rw);
	strip(copy, lk_schema.pwd_min_age);
	strip(copy, lk_schema.pwd_safe_modify);
	strip(copy, lk_schema.pwd_allow_user_change);
	*ret_entry = copy;
	return rc;
}

static int release_elsewhere(Operation *op, Entry *entry, int rw)
{
	return lk_entry_release(op, entry, rw) == LDAP_SUCCESS ? LDAP_SUCCESS : inner_release(op, entry, rw);
}

void lk_mask_install(BackendInfo *backend)
{
	inner_get = backend->bi_entry_get_rw;
	inner_release = backend->bi_entry_release_rw;
	if (!inner_get || !inner_release)
		return;
	backend->bi_entry_get_rw = get_elsewhere;
	backend->bi_entry_release_rw = release_elsewhere;
}

void lk_mask_remove(BackendInfo *backend)
{
	if (backend->bi_entry_get_rw != get_elsewhere)
		return;
	backend->bi_entry_get_rw = inner_get;
	backend->bi_entry_release_rw = inner_release;
}
