/* Internal operations on the backend: the only file that performs them, and the only one that copies an Operation. */
#include "overlay.h"

/* The address of this is the key of the mark. */
static const char mark_key;

OpExtra *lk_backend_extra(const Operation *op, const void *key)
{
	OpExtra *extra;

	LDAP_SLIST_FOREACH (extra, &op->o_extra, oe_next) {
		if (extra->oe_key == key)
			return extra;
	}
	return NULL;
}

struct lk_mark *lk_mark_of(Operation *op)
{
	return (struct lk_mark *)lk_backend_extra(op, &mark_key);
}

bool lk_backend_is_internal(Operation *op)
{
	return lk_mark_of(op) != NULL;
}

time_t lk_backend_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

bool lk_backend_reads_since(const Operation *op, time_t changed)
{
	const OpExtra *extra;

	/* Within one second nobody can tell which came first. */
	if (op->o_time > changed)
		return true;
	LDAP_SLIST_FOREACH (extra, &op->o_extra, oe_next) {
		if (extra->oe_key != &mark_key)
			return false;
	}
	return true;
}

bool lk_backend_is_replicated(const Operation *op)
{
	return SLAPD_SYNC_IS_SYNCCONN(op->o_connid);
}

/* An operation of ours beside the client's: same connection and memory, nothing of the request. It lives on the
 * caller's stack, with the mark that tells the hooks whose it is. */
struct internal {
	Operation op;
	void *controls[SLAP_MAX_CIDS];
	BackendDB be;
	struct lk_mark mark;
};

static void internal_begin(struct internal *in, Operation *op, BackendDB *be)
{
	memset(in, 0, sizeof *in);
	in->op = *op;
	memset(&in->op.o_request, 0, sizeof in->op.o_request);
	memset(in->op.o_ctrlflag, 0, sizeof in->op.o_ctrlflag);
	in->op.o_controls = in->controls;
	in->op.o_ctrls = NULL;
	in->op.o_callback = NULL;
	in->op.o_groups = NULL;
	in->op.o_res_ber = NULL;
	in->op.o_private = NULL;
	BER_BVZERO(&in->op.o_csn);
	in->op.o_bd = be;
	in->op.o_dont_replicate = 0;
	in->op.o_do_not_cache = 1; /* lk_backend_may_be_internal() relies on it */
	/* What the outer operation has open on the backend stays in the list: mdb has one read transaction a thread. */
	in->mark.extra.oe_key = (void *)&mark_key;
	LDAP_SLIST_INSERT_HEAD(&in->op.o_extra, &in->mark.extra, oe_next);
}

/* Acts as the database itself, on the raw backend: no overlay is asked. False where cn=config has taken the suffix from the
 * database: back-mdb reads beyond the name of what is not below the suffix, which we still look for. */
static bool internal_read(struct internal *in, Operation *op, BackendDB *be)
{
	struct lk_instance *instance = lk_instance_of(be);

	if (instance ? !lk_instance_has_suffix(instance) : !be->be_nsuffix)
		return false;
	internal_begin(in, op, be);
	in->op.o_dn = be->be_rootdn;
	in->op.o_ndn = be->be_rootndn;
	if (!instance)
		return true;
	in->be = *be;
	in->be.bd_info = instance->backend;
	in->op.o_bd = &in->be;
	return true;
}

int lk_backend_look(Operation *op, BackendDB *be, const struct berval *ndn, lk_backend_seen *seen, void *context)
{
	struct internal in;
	Entry *stored = NULL;
	int rc;

	if (!internal_read(&in, op, be))
		return LDAP_UNAVAILABLE;
	rc = be_entry_get_rw(&in.op, (struct berval *)ndn, NULL, NULL, 0, &stored);
	if (rc != LDAP_SUCCESS)
		return rc;
	if (!stored)
		return LDAP_NO_SUCH_OBJECT;
	seen(context, stored);
	be_entry_release_rw(&in.op, stored, 0);
	return LDAP_SUCCESS;
}

/* mdb's values point into the map: copy, then let go. */
static void copy_entry(void *context, const Entry *stored)
{
	*(Entry **)context = entry_dup((Entry *)stored);
}

int lk_backend_fetch(Operation *op, BackendDB *be, const struct berval *ndn, Entry **ret_entry)
{
	return lk_backend_look(op, be, ndn, copy_entry, ret_entry);
}

struct search {
	lk_backend_found *found;
	void *context;
};

static int search_cb(Operation *op, SlapReply *rs)
{
	struct search *search = op->o_callback->sc_private;

	if (rs->sr_type != REP_SEARCH)
		return LDAP_SUCCESS;
	if (search->found(search->context, op, rs->sr_entry))
		op->o_abandon = 1;
	return LDAP_SUCCESS;
}

int lk_backend_search(Operation *op, BackendDB *be, struct berval *base, int scope, Filter *filter, int limit,
	lk_backend_found *found, void *context)
{
	struct internal in;
	SlapReply rs = {REP_RESULT};
	struct search search = {found, context};
	slap_callback callback = {.sc_response = search_cb, .sc_private = &search};

	if (!be->be_search)
		return LDAP_UNWILLING_TO_PERFORM;
	if (!internal_read(&in, op, be))
		return LDAP_UNAVAILABLE;
	in.op.o_tag = LDAP_REQ_SEARCH;
	in.op.o_callback = &callback;
	in.op.o_req_dn = *base;
	in.op.o_req_ndn = *base;
	in.op.ors_scope = scope;
	in.op.ors_deref = LDAP_DEREF_NEVER;
	in.op.ors_slimit = limit ? limit : SLAP_NO_LIMIT;
	in.op.ors_tlimit = SLAP_NO_LIMIT;
	in.op.ors_attrs = slap_anlist_all_attributes;
	in.op.ors_filter = filter;
	filter2bv_x(&in.op, filter, &in.op.ors_filterstr);
	in.op.o_bd->be_search(&in.op, &rs);
	in.op.o_tmpfree(in.op.ors_filterstr.bv_val, in.op.o_tmpmemctx);
	rs_flush_entry(&in.op, &rs, NULL);
	return rs.sr_err;
}

/* Overlays may leave callbacks that free what they hold (slapo-ppolicy its text). */
static void run_cleanups(Operation *op, SlapReply *rs, const slap_callback *ours)
{
	slap_callback *sc = op->o_callback;

	while (sc) {
		slap_callback *next = sc->sc_next;

		if (sc != ours && sc->sc_cleanup) {
			op->o_callback = sc;
			sc->sc_cleanup(op, rs);
		}
		sc = next;
	}
	op->o_callback = NULL;
}

static const char *keep_text(Operation *op, const SlapReply *rs)
{
	struct berval text, copy;

	if (!rs->sr_text)
		return NULL;
	ber_str2bv(rs->sr_text, 0, 0, &text);
	ber_dupbv_x(&copy, &text, op->o_tmpmemctx);
	return copy.bv_val;
}

/* Other overlays keep other credentials beside the password (slapo-smbk5pwd): they hang on the extended operation, and
 * add to the modifications. A result other than "not mine" is an overlay's or a backend's refusal. */
static int ask_password_overlays(struct internal *in, struct lk_modify *modify, SlapReply *rs)
{
	Modifications **tail = &modify->mods;

	in->op.o_tag = LDAP_REQ_EXTENDED;
	in->op.oq_pwdexop.rs_extended.rs_reqoid = slap_EXOP_MODIFY_PASSWD;
	in->op.oq_pwdexop.rs_new = modify->clear_password;
	rs->sr_err = in->op.o_bd->be_extended ? in->op.o_bd->be_extended(&in->op, rs) : LDAP_UNWILLING_TO_PERFORM;
	while (*tail)
		tail = &(*tail)->sml_next;
	*tail = in->op.oq_pwdexop.rs_mods;
	memset(&in->op.o_request, 0, sizeof in->op.o_request);
	if (rs->sr_err != LDAP_SUCCESS && rs->sr_err != LDAP_UNWILLING_TO_PERFORM && rs->sr_err != SLAP_CB_CONTINUE)
		return rs->sr_err;
	rs->sr_err = LDAP_SUCCESS;
	rs->sr_text = NULL;
	return LDAP_SUCCESS;
}

struct lk_modify lk_backend_modify_of(const struct lk_instance *instance, const Entry *entry, const char *name)
{
	return (struct lk_modify){
		.be = instance->be,
		.dn = entry->e_name,
		.ndn = entry->e_nname,
		.as_dn = instance->be->be_rootdn,
		.as_ndn = instance->be->be_rootndn,
		.name = name,
	};
}

/* The callback that swallows the response. It must be slap_null_cb with a req_pwdexop_s for slapo-ppolicy to see the
 * clear password, and must have no private data where there is none. */
int lk_backend_modify(Operation *op, struct lk_modify *modify, const char **ret_text)
{
	struct internal in;
	SlapReply rs = {REP_RESULT};
	req_pwdexop_s password = {.rs_new = modify->clear_password};
	slap_callback callback = {.sc_response = slap_null_cb};
	int rc = lk_writable_check(op, modify->be, ret_text);

	if (rc != LDAP_SUCCESS) {
		slap_mods_free(modify->mods, 1);
		return rc;
	}
	internal_begin(&in, op, modify->be);
	in.op.o_dn = modify->as_dn;
	in.op.o_ndn = modify->as_ndn;
	in.op.o_req_dn = modify->dn;
	in.op.o_req_ndn = modify->ndn;
	in.op.o_callback = &callback;
	if (!BER_BVISEMPTY(&modify->clear_password)) {
		callback.sc_private = &password;
		in.mark.mask = true;
		in.mark.target = modify->ndn;
		if (ask_password_overlays(&in, modify, &rs) != LDAP_SUCCESS) {
			*ret_text = keep_text(op, &rs);
			slap_mods_free(modify->mods, 1);
			return rs.sr_err;
		}
	}
	in.op.o_tag = LDAP_REQ_MODIFY;
	in.op.orm_modlist = modify->mods;
	in.op.orm_no_opattrs = 0;
	if (modify->assertion) {
		in.op.o_assert = SLAP_CONTROL_CRITICAL;
		in.op.o_assertion = modify->assertion;
	}
	slap_op_time(&in.op.o_time, &in.op.o_tincr);

	lk_kill_point(modify->name, "before-backend");
	in.op.o_bd->be_modify(&in.op, &rs);
	if (rs.sr_err == LDAP_SUCCESS)
		lk_kill_point(modify->name, "after-commit");

	lk_writable_note(op, modify->be, &rs);
	*ret_text = keep_text(op, &rs);
	run_cleanups(&in.op, &rs, &callback);
	slap_mods_free(in.op.orm_modlist, 1);
	return rs.sr_err;
}

int lk_backend_add(Operation *op, BackendDB *be, Entry *entry, const char **ret_text)
{
	struct internal in;
	SlapReply rs = {REP_RESULT};
	slap_callback callback = {.sc_response = slap_null_cb};
	int rc = lk_writable_check(op, be, ret_text);

	if (rc != LDAP_SUCCESS) {
		entry_free(entry);
		return rc;
	}
	internal_begin(&in, op, be);
	in.op.o_tag = LDAP_REQ_ADD;
	in.op.o_dn = be->be_rootdn;
	in.op.o_ndn = be->be_rootndn;
	in.op.o_req_dn = entry->e_name;
	in.op.o_req_ndn = entry->e_nname;
	in.op.ora_e = entry;
	in.op.o_callback = &callback;
	slap_op_time(&in.op.o_time, &in.op.o_tincr);
	lk_kill_point("add", "before-backend");
	in.op.o_bd->be_add(&in.op, &rs);
	if (rs.sr_err == LDAP_SUCCESS)
		lk_kill_point("add", "after-commit");
	lk_writable_note(op, be, &rs);
	*ret_text = keep_text(op, &rs);
	run_cleanups(&in.op, &rs, &callback);
	/* mdb keeps the entry on success, and says so by leaving it out. */
	if (in.op.ora_e == entry)
		entry_free(entry);
	return rs.sr_err;
}

int lk_backend_delete(Operation *op, BackendDB *be, const struct berval *dn, const struct berval *ndn)
{
	struct internal in;
	SlapReply rs = {REP_RESULT};
	slap_callback callback = {.sc_response = slap_null_cb};
	const char *text;
	int rc = lk_writable_check(op, be, &text);

	if (rc != LDAP_SUCCESS)
		return rc;
	internal_begin(&in, op, be);
	in.op.o_tag = LDAP_REQ_DELETE;
	in.op.o_dn = be->be_rootdn;
	in.op.o_ndn = be->be_rootndn;
	in.op.o_req_dn = *dn;
	in.op.o_req_ndn = *ndn;
	in.op.o_callback = &callback;
	slap_op_time(&in.op.o_time, &in.op.o_tincr);
	in.op.o_bd->be_delete(&in.op, &rs);
	lk_writable_note(op, be, &rs);
	run_cleanups(&in.op, &rs, &callback);
	return rs.sr_err;
}

/* On the backend itself: it is no business of any overlay's, nor of another provider's. */
int lk_backend_write_below(Operation *op, BackendDB *be, ber_tag_t tag, Entry *entry)
{
	struct internal in;
	SlapReply rs = {REP_RESULT};
	slap_callback callback = {.sc_response = slap_null_cb};

	if (!internal_read(&in, op, be)) {
		if (tag == LDAP_REQ_ADD)
			entry_free(entry);
		return LDAP_UNAVAILABLE;
	}
	in.op.o_tag = tag;
	in.op.o_req_dn = entry->e_name;
	in.op.o_req_ndn = entry->e_nname;
	in.op.o_callback = &callback;
	in.op.o_dont_replicate = 1;
	slap_op_time(&in.op.o_time, &in.op.o_tincr);
	if (tag == LDAP_REQ_DELETE) {
		in.op.o_bd->be_delete(&in.op, &rs);
		return rs.sr_err;
	}
	in.op.ora_e = entry;
	in.op.o_bd->be_add(&in.op, &rs);
	if (in.op.ora_e == entry)
		entry_free(entry);
	return rs.sr_err;
}

Filter *lk_filter_equals(Operation *op, AttributeDescription *ad, const struct berval *value)
{
	Filter *filter = op->o_tmpcalloc(1, sizeof *filter + sizeof *filter->f_ava, op->o_tmpmemctx);

	filter->f_choice = LDAP_FILTER_EQUALITY;
	filter->f_ava = (AttributeAssertion *)(filter + 1);
	filter->f_av_desc = ad;
	filter->f_av_value = *value;
	return filter;
}

Modifications **lk_mod_append(
	Modifications **tail, AttributeDescription *ad, int op, const struct berval *values, size_t count)
{
	Modifications *mod = ch_calloc(1, sizeof *mod);

	mod->sml_op = (short)op;
	mod->sml_flags = SLAP_MOD_INTERNAL;
	mod->sml_desc = ad;
	mod->sml_type = ad->ad_cname;
	mod->sml_numvals = (unsigned)count;
	if (count) {
		mod->sml_values = ch_calloc(count + 1, sizeof *mod->sml_values);
		for (size_t i = 0; i < count; i++)
			ber_dupbv(&mod->sml_values[i], (struct berval *)&values[i]);
		attr_normalize(ad, mod->sml_values, &mod->sml_nvalues, NULL);
	}
	*tail = mod;
	return &mod->sml_next;
}

Modifications **lk_mod_append_time(Modifications **tail, AttributeDescription *ad, int op, time_t when)
{
	char text[LK_TIME_TEXT + 1];
	struct berval value = {LK_TIME_TEXT, text};

	lk_time_format(when, text);
	return lk_mod_append(tail, ad, op, &value, 1);
}
