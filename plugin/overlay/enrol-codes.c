/* RecoveryCodesNew: ten codes to print, in place of those that were there. They are answered once; what is stored of them is
 * their hashes. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/printed-code.h"
#include "../protocol/wire-enrol.h"

struct sheet {
	char texts[LK_PRINTED_CODES][LK_PRINTED_TEXT + 1];
	struct berval shown[LK_PRINTED_CODES];
	struct berval stored[LK_PRINTED_CODES]; /* freed with ber_memfree() */
};

static int print_code(struct sheet *sheet, size_t i, const struct berval *uuid, time_t now)
{
	struct lk_stored_printed code = {.created = now};
	char symbols[LK_PRINTED_SYMBOLS + 1];

	lk_printed_generate(sheet->texts[i]);
	sheet->shown[i].bv_val = sheet->texts[i];
	sheet->shown[i].bv_len = LK_PRINTED_TEXT;
	randombytes_buf(code.salt, sizeof code.salt);
	lk_printed_canonical(&sheet->shown[i], symbols);
	lk_printed_hash(code.salt, symbols, uuid, code.hash);
	sodium_memzero(symbols, sizeof symbols);
	return lk_stored_printed_format(&code, &sheet->stored[i]);
}

static int print_sheet(struct sheet *sheet, const struct lk_target *target, time_t now)
{
	struct berval uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);
	int status = BER_BVISEMPTY(&uuid) ? LK_ERR_MALFORMED : LK_OK;

	for (size_t i = 0; i < LK_PRINTED_CODES && status == LK_OK; i++)
		status = print_code(sheet, i, &uuid, now);
	return status;
}

static void tear_up(struct sheet *sheet)
{
	for (size_t i = 0; i < LK_PRINTED_CODES; i++)
		ber_memfree(sheet->stored[i].bv_val);
	sodium_memzero(sheet, sizeof *sheet);
}

/* The answer is made first: codes that could not be shown must not replace those that somebody has on paper. */
static int renew(Operation *op, SlapReply *rs, const struct lk_target *target, struct sheet *sheet)
{
	struct berval *answer = NULL;
	Modifications *mods = NULL;

	if (print_sheet(sheet, target, op->o_time) != LK_OK ||
		lk_wire_encode_printed_codes(sheet->shown, LK_PRINTED_CODES, &answer) != LK_OK)
		return lk_fail(rs, LDAP_OTHER, "the codes cannot be made");
	lk_mod_append(&mods, lk_schema.printed_code, LDAP_MOD_REPLACE, sheet->stored, LK_PRINTED_CODES);
	if (lk_enrol_write(op, rs, target, mods, "codes", LK_EVENT_ENROLMENT) == LDAP_SUCCESS)
		rs->sr_rspdata = answer;
	else
		lk_wire_free(answer);
	return rs->sr_err;
}

int lk_recovery_codes_new(Operation *op, SlapReply *rs)
{
	struct sheet sheet = {0};
	struct lk_target target;

	if (op->ore_reqdata)
		return lk_fail(rs, LDAP_PROTOCOL_ERROR, "the request has no value");
	if (lk_enrol_begin(op, rs, LK_POLICY_RECOVERY_CODE, &target) == LDAP_SUCCESS)
		renew(op, rs, &target, &sheet);
	tear_up(&sheet);
	lk_target_release(&target);
	return rs->sr_err;
}
