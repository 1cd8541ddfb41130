/* RecoveryCodesNew: ten codes to print, in place of those that were there. They are answered once; what is stored of
 * them is their hashes. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/wire-enrol.h"

struct sheet {
	char texts[LK_PRINTED_CODES][LK_PRINTED_TEXT + 1];
	struct berval shown[LK_PRINTED_CODES];
	struct lk_printed_set set;
	struct berval stored; /* the set; freed with ber_memfree() */
};

static void print_code(struct sheet *sheet, size_t i, const struct berval *uuid)
{
	char symbols[LK_PRINTED_SYMBOLS + 1];

	lk_printed_generate(sheet->texts[i]);
	sheet->shown[i].bv_val = sheet->texts[i];
	sheet->shown[i].bv_len = LK_PRINTED_TEXT;
	lk_printed_canonical(&sheet->shown[i], symbols);
	lk_printed_hash(sheet->set.salt, symbols, uuid, sheet->set.hashes[i]);
	sodium_memzero(symbols, sizeof symbols);
}

static int print_sheet(struct sheet *sheet, const struct lk_target *target, time_t now)
{
	struct berval uuid = lk_entry_value(target->entry, slap_schema.si_ad_entryUUID);

	if (BER_BVISEMPTY(&uuid))
		return LK_ERR_MALFORMED;
	sheet->set.created = now;
	randombytes_buf(sheet->set.salt, sizeof sheet->set.salt);
	for (size_t i = 0; i < LK_PRINTED_CODES; i++)
		print_code(sheet, i, &uuid);
	return lk_printed_set_format(&sheet->set, &sheet->stored);
}

static void tear_up(struct sheet *sheet)
{
	ber_memfree(sheet->stored.bv_val);
	sodium_memzero(sheet, sizeof *sheet);
}

/* The answer is made first: codes that could not be shown must not replace those that somebody has on paper. */
static int renew(Operation *op, SlapReply *rs, const struct lk_target *target, struct sheet *sheet)
{
	struct berval *answer = NULL;
	Modifications *mods = NULL, **tail;

	if (print_sheet(sheet, target, op->o_time) != LK_OK ||
		lk_wire_encode_printed_codes(sheet->shown, LK_PRINTED_CODES, &answer) != LK_OK)
		return lk_fail(rs, LDAP_OTHER, "the codes cannot be made");
	tail = lk_mod_append(&mods, lk_schema.printed_codes, LDAP_MOD_REPLACE, &sheet->stored, 1);
	lk_mod_append(tail, lk_schema.printed_used, LDAP_MOD_REPLACE, NULL, 0);
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
