/* The values on the wire: the documented octets, and everything that is none of them. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "wire-admin.h"
#include "wire.h"

#define ID "00112233445566778899aabbccddeeff"
#define UPPER_ID "00112233445566778899AABBCCDDEEFF"
#define SHORT_ID "0112233445566778899aabbccddeeff"
#define TIME "20261121050200Z"
#define EPOCH "19700101000000Z"
#define NO_MONTH "20261321050200Z"
#define NO_ZONE "20261121050200"

/* Each type's decoder, and its encoder after it, as functions of one form: what comes in, written again. */
typedef int (*rewriter)(const struct berval *ber, struct berval **ret_ber);

static int rewrite_request(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_recovery_request value;
	int status = lk_wire_decode_recovery_request(ber, &value);

	return status == LK_OK ? lk_wire_encode_recovery_request(&value, ret_ber) : status;
}

static int rewrite_complete(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_recovery_complete value;
	int status = lk_wire_decode_recovery_complete(ber, &value);

	return status == LK_OK ? lk_wire_encode_recovery_complete(&value, ret_ber) : status;
}

static int rewrite_notify(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_notify value;
	int status = lk_wire_decode_notify(ber, &value);

	return status == LK_OK ? lk_wire_encode_notify(&value, ret_ber) : status;
}

static int rewrite_notify_response(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_notify_response value;
	int status = lk_wire_decode_notify_response(ber, &value);

	return status == LK_OK ? lk_wire_encode_notify_response(&value, ret_ber) : status;
}

static int rewrite_take(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_take value;
	int status = lk_wire_decode_take(ber, &value);

	return status == LK_OK ? lk_wire_encode_take(&value, ret_ber) : status;
}

static int rewrite_taken(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_taken *taken = NULL;
	size_t count;
	int status = lk_wire_decode_taken(ber, &taken, &count);

	if (status == LK_OK)
		status = lk_wire_encode_taken(taken, count, ret_ber);
	free(taken);
	return status;
}

static int rewrite_settle(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_settlement *items = NULL;
	size_t count;
	int status = lk_wire_decode_settle(ber, &items, &count);

	if (status == LK_OK)
		status = lk_wire_encode_settle(items, count, ret_ber);
	free(items);
	return status;
}

static int rewrite_settled(const struct berval *ber, struct berval **ret_ber)
{
	int *results = NULL;
	size_t count;
	int status = lk_wire_decode_settled(ber, &results, &count);

	if (status == LK_OK)
		status = lk_wire_encode_settled(results, count, ret_ber);
	free(results);
	return status;
}

static int rewrite_resend(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_resend value;
	int status = lk_wire_decode_resend(ber, &value);

	return status == LK_OK ? lk_wire_encode_resend(&value, ret_ber) : status;
}

static int rewrite_account(const struct berval *ber, struct berval **ret_ber)
{
	struct lk_account_request value;
	int status = lk_wire_decode_account(ber, &value);

	return status == LK_OK ? lk_wire_encode_account(&value, ret_ber) : status;
}

/* A SEQUENCE in the short form around CONTENTS of that many octets. */
#define SEQ(length, contents) "\x30" length contents

#define ONE_PROOF "\xa1\x08\x30\x06\x0a\x01\x00\x04\x01K"
#define SETTLED_ONE(state, rest) "\x04\x03o=x\x04\x20" ID "\x0a\x01" state rest

/* In DER, so that what is written again is what was read. */
static const struct {
	rewriter rewrite;
	struct berval ber;
} right[] = {
	{rewrite_request, BV(SEQ("\x05", "\x80\x03kim"))},
	{rewrite_request, BV(SEQ("\x09", "\x80\x03kim\x81\x02ko"))},
	{rewrite_request, BV(SEQ("\x0b", "\x80\x09" KIM_NFC))},
	{rewrite_request, BV(SEQ("\x1d", "\x80\x1b" KIM_NFD))},
	{rewrite_complete, BV(SEQ("\x0f", "\x80\x03kim" ONE_PROOF))},
	{rewrite_complete, BV(SEQ("\x14", "\x80\x03kim" ONE_PROOF "\x82\x03\x00\xff\n"))},
	{rewrite_complete,
		BV(SEQ("\x17", "\x80\x03kim\xa1\x10\x30\x06\x0a\x01\x01\x04\x01T\x30\x06\x0a\x01\x02\x04\x01R"))},
	{rewrite_notify, BV("\x30\x00")},
	{rewrite_notify, BV(SEQ("\x03", "\x80\x01z"))},
	{rewrite_notify, BV(SEQ("\x03", "\x82\x01\x00"))},
	{rewrite_notify, BV(SEQ("\x03", "\x83\x01\xff"))},
	{rewrite_notify, BV(SEQ("\x12", "\x80\x01w\x81\x01x\x82\x01\x00\x83\x01\xff\x84\x01y\x85\x01z"))},
	{rewrite_notify, BV(SEQ("\x09", "\x84\x01y\x85\x01z\x86\x01\xff"))},
	{rewrite_notify_response, BV(SEQ("\x03", "\x82\x01\x00"))},
	{rewrite_notify_response, BV(SEQ("\x25", "\x80\x20" ID "\x82\x01\x00"))},
	{rewrite_notify_response, BV(SEQ("\x28", "\x80\x20" ID "\x82\x01\x00\x83\x01\xff"))},
	{rewrite_notify_response, BV(SEQ("\x36", "\x80\x20" ID "\x81\x0f" TIME "\x82\x01\xff"))},
	{rewrite_take, BV(SEQ("\x06", "\x02\x01\x01\x02\x01\x01"))},
	{rewrite_take, BV(SEQ("\x08", "\x02\x02\x03\xe8\x02\x02\x0e\x10"))},
	{rewrite_taken, BV("\x30\x00")},
	{rewrite_taken, BV(SEQ("\x0e", "\x30\x0c\x04\x03o=x\x04\x01z\x04\x02\x00\xff"))},
	{rewrite_taken, BV(SEQ("\x16", "\x30\x09\x04\x03o=x\x04\x00\x04\x00\x30\x09\x04\x03o=y\x04\x00\x04\x00"))},
	{rewrite_settle, BV(SEQ("\x2e", "\x30\x2c" SETTLED_ONE("\x02", "\x04\x00")))},
	{rewrite_settle, BV(SEQ("\x30", "\x30\x2e" SETTLED_ONE("\x03", "\x04\x02no")))},
	{rewrite_settle, BV(SEQ("\x3f", "\x30\x3d" SETTLED_ONE("\x01", "\x04\x00\x80\x0f" TIME)))},
	{rewrite_settled, BV(SEQ("\x03", "\x0a\x01\x00"))},
	{rewrite_settled, BV(SEQ("\x0c", "\x0a\x01\x00\x0a\x01\x20\x0a\x04\x7f\xff\xff\xff"))},
	{rewrite_resend, BV(SEQ("\x27", "\x80\x03kim\x81\x20" ID))},
	{rewrite_resend, BV(SEQ("\x2a", "\x80\x03kim\x81\x20" ID "\x82\x01x"))},
	{rewrite_account, BV(SEQ("\x05", "\x80\x03kim"))},
	{rewrite_account, BV(SEQ("\x08", "\x80\x03kim\x81\x01y"))},
	{rewrite_account, BV(SEQ("\x08", "\x80\x03kim\x82\x01z"))},
	{rewrite_account, BV(SEQ("\x11", "\x80\x03kim\x81\x06\xec\xa0\x84\xed\x99\x94\x82\x02"
									 "42"))},
};

static void assert_rewritten(rewriter rewrite, const struct berval *ber, const struct berval *expected)
{
	struct berval *again = NULL;

	assert_int_equal(rewrite(ber, &again), LK_OK);
	assert_bv_equal(again, expected);
	lk_wire_free(again);
}

static void test_right_values_are_read_and_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(right); i++)
		assert_rewritten(right[i].rewrite, &right[i].ber, &right[i].ber);
}

/* The same, in ways in which only BER can say it. */
static void test_ber_that_is_not_der_is_read(void **state)
{
	static const struct {
		rewriter rewrite;
		struct berval ber, der;
	} rows[] = {
		{rewrite_request, BV("\x30\x81\x05\x80\x03kim"), BV("\x30\x05\x80\x03kim")},
		{rewrite_request, BV("\x30\x84\x00\x00\x00\x05\x80\x03kim"), BV("\x30\x05\x80\x03kim")},
		{rewrite_request, BV("\x30\x06\x80\x81\x03kim"), BV("\x30\x05\x80\x03kim")},
		{rewrite_notify, BV("\x30\x06\x82\x01\xff\x83\x01\x00"), BV("\x30\x00")},
		{rewrite_notify, BV("\x30\x03\x83\x01\x01"), BV("\x30\x03\x83\x01\xff")},
		{rewrite_take, BV("\x30\x08\x02\x02\x00\x01\x02\x02\x00\x01"), BV("\x30\x06\x02\x01\x01\x02\x01\x01")},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_rewritten(rows[i].rewrite, &rows[i].ber, &rows[i].der);
}

static const struct {
	rewriter rewrite;
	int status;
	struct berval ber;
} wrong[] = {
	{rewrite_request, LK_ERR_MALFORMED, NONE},
	{rewrite_request, LK_ERR_MALFORMED, BV("")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x00")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x31\x05\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x80\x80\x03kim\x00\x00")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x05\x80\x03kim\x00")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x05\x80\x03kim\x30\x05\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x02\x80\x00")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x05\x80\x04kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x04\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x05\x04\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x05\xa0\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x04\x81\x02ko")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x07\x80\x03kim\x81\x00")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x0a\x80\x03kim\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x0d\x80\x03kim\x81\x02ko\x82\x02ko")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x09\x81\x02ko\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x89\x00\x00\x00\x00\x00\x00\x00\x00\x05\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x84\xff\xff\xff\xff\x80\x03kim")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x3f\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00")},
	{rewrite_request, LK_ERR_MALFORMED, BV("\x30\x05\x80\x88\xff\xff\xff\xff")},
	{rewrite_request, LK_ERR_NOT_UTF8, BV("\x30\x05\x80\x03ki\xff")},
	{rewrite_request, LK_ERR_NOT_UTF8, BV("\x30\x05\x80\x03ki\0")},
	{rewrite_request, LK_ERR_NOT_UTF8, BV("\x30\x05\x80\x03ki\n")},
	{rewrite_request, LK_ERR_NOT_UTF8, BV("\x30\x09\x80\x03kim\x81\x02k\x7f")},

	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x05\x80\x03kim")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x07\x80\x03kim\xa1\x00")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0a" ONE_PROOF)},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0a\x80\x03kim\x82\x03new")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x11\x80\x03kim" ONE_PROOF "\x82\x00")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0f\x80\x03kim\xa1\x08\x30\x06\x0a\x01\x03\x04\x01K")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0f\x80\x03kim\xa1\x08\x30\x06\x0a\x01\xff\x04\x01K")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0e\x80\x03kim\xa1\x07\x30\x05\x0a\x00\x04\x01K")},
	{rewrite_complete, LK_ERR_MALFORMED,
		BV("\x30\x13\x80\x03kim\xa1\x0c\x30\x0a\x0a\x05\x00\x00\x00\x00\x00\x04\x01K")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0e\x80\x03kim\xa1\x07\x30\x05\x0a\x01\x00\x04\x00")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x10\x80\x03kim\xa1\x09\x30\x07\x0a\x01\x00\x04\x01K\x00")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0f\x80\x03kim\xa1\x08\x30\x07\x0a\x01\x00\x04\x01K")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0f\x80\x03kim\xa1\x09\x30\x06\x0a\x01\x00\x04\x01K")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0f\x80\x03kim\xa1\x07\x30\x06\x0a\x01\x00\x04\x01K")},
	{rewrite_complete, LK_ERR_MALFORMED, BV("\x30\x0f\x80\x03kim\xa1\x08\x30\x06\x0a\x01\x00\x04\x02K")},
	{rewrite_complete, LK_ERR_NOT_UTF8, BV("\x30\x0f\x80\x03kim\xa1\x08\x30\x06\x0a\x01\x00\x04\x01\xff")},
	{rewrite_complete, LK_ERR_TOO_LONG,
		BV("\x30\x2f\x80\x03kim\xa1\x28"
		   "\x30\x06\x0a\x01\x00\x04\x01K"
		   "\x30\x06\x0a\x01\x00\x04\x01K"
		   "\x30\x06\x0a\x01\x00\x04\x01K"
		   "\x30\x06\x0a\x01\x00\x04\x01K"
		   "\x30\x06\x0a\x01\x00\x04\x01K")},

	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x02\x80\x00")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x02\x85\x00")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x03\x87\x01x")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x06\x80\x01x\x86\x01\xff")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x06\x81\x01x\x86\x01\xff")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x06\x83\x01\xff\x86\x01\xff")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x02\x82\x00")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x04\x83\x02\x00\x00")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x06\x81\x01z\x80\x01y")},
	{rewrite_notify, LK_ERR_MALFORMED, BV("\x30\x06\x82\x01\xff\x82\x01\xff")},
	{rewrite_notify, LK_ERR_NOT_UTF8, BV("\x30\x05\x84\x03\xea\xb9x")},

	{rewrite_notify_response, LK_ERR_MALFORMED, BV("\x30\x22\x80\x20" ID)},
	{rewrite_notify_response, LK_ERR_MALFORMED, BV("\x30\x24\x80\x1f" SHORT_ID "\x82\x01\x00")},
	{rewrite_notify_response, LK_ERR_MALFORMED, BV("\x30\x25\x80\x20" UPPER_ID "\x82\x01\x00")},
	{rewrite_notify_response, LK_ERR_MALFORMED, BV("\x30\x35\x80\x20" ID "\x81\x0e" NO_ZONE "\x82\x01\x00")},
	{rewrite_notify_response, LK_ERR_MALFORMED, BV("\x30\x36\x80\x20" ID "\x81\x0f" NO_MONTH "\x82\x01\x00")},

	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x03\x02\x01\x01")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x06\x02\x01\x00\x02\x01\x01")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x06\x02\x01\x01\x02\x01\x00")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x06\x02\x01\xff\x02\x01\x01")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x07\x02\x02\x03\xe9\x02\x01\x01")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x07\x02\x01\x01\x02\x02\x0e\x11")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x0a\x02\x05\x01\x00\x00\x00\x01\x02\x01\x01")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x06\x0a\x01\x01\x02\x01\x01")},
	{rewrite_take, LK_ERR_MALFORMED, BV("\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01")},

	{rewrite_taken, LK_ERR_MALFORMED, BV("\x30\x02\x30\x00")},
	{rewrite_taken, LK_ERR_MALFORMED, BV("\x30\x08\x30\x06\x04\x00\x04\x00\x04\x00")},
	{rewrite_taken, LK_ERR_MALFORMED, BV("\x30\x09\x30\x07\x04\x03o=x\x04\x00")},
	{rewrite_taken, LK_ERR_MALFORMED, BV("\x30\x0d\x30\x0b\x04\x03o=x\x04\x00\x04\x00\x04\x00")},
	{rewrite_taken, LK_ERR_MALFORMED, BV("\x30\x0c\x30\x09\x04\x03o=x\x04\x00\x04\x00\x30")},
	{rewrite_taken, LK_ERR_MALFORMED, BV("\x30\x0d\x30\x09\x04\x03o=x\x04\x00\x04\x00\x04\x00")},
	{rewrite_taken, LK_ERR_NOT_UTF8, BV("\x30\x0b\x30\x09\x04\x03o=\xff\x04\x00\x04\x00")},

	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x00")},
	{rewrite_settle, LK_ERR_MALFORMED, BV(SEQ("\x3f", "\x30\x3d" SETTLED_ONE("\x01", "\x04\x00\x80\x0f" EPOCH)))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x2e\x30\x2c" SETTLED_ONE("\x00", "\x04\x00"))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x2e\x30\x2c" SETTLED_ONE("\x04", "\x04\x00"))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x2e\x30\x2c" SETTLED_ONE("\x01", "\x04\x00"))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x3f\x30\x3d" SETTLED_ONE("\x02", "\x04\x00\x80\x0f" TIME))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x3f\x30\x3d" SETTLED_ONE("\x01", "\x04\x00\x81\x0f" TIME))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x30\x30\x2e" SETTLED_ONE("\x01", "\x04\x00\x80\x00"))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x2c\x30\x2a" SETTLED_ONE("\x02", ""))},
	{rewrite_settle, LK_ERR_MALFORMED, BV("\x30\x2b\x30\x29\x04\x00\x04\x20" ID "\x0a\x01\x02\x04\x00")},
	{rewrite_settle, LK_ERR_NOT_UTF8, BV("\x30\x2f\x30\x2d" SETTLED_ONE("\x02", "\x04\x01\n"))},

	{rewrite_settled, LK_ERR_MALFORMED, BV("\x30\x00")},
	{rewrite_settled, LK_ERR_MALFORMED, BV("\x30\x03\x0a\x01\xff")},
	{rewrite_settled, LK_ERR_MALFORMED, BV("\x30\x03\x02\x01\x00")},
	{rewrite_settled, LK_ERR_MALFORMED, BV("\x30\x02\x0a\x00")},
	{rewrite_settled, LK_ERR_MALFORMED, BV("\x30\x04\x0a\x01\x00\x0a")},
	{rewrite_settled, LK_ERR_MALFORMED, BV("\x30\x07\x0a\x05\x00\x00\x00\x00\x00")},

	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x00")},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x05\x80\x03kim")},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x22\x81\x20" ID)},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x24\x80\x00\x81\x20" ID)},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x26\x80\x03kim\x81\x1f" SHORT_ID)},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x27\x80\x03kim\x81\x20" UPPER_ID)},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x27\x81\x20" ID "\x80\x03kim")},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x29\x80\x03kim\x81\x20" ID "\x82\x00")},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x2a\x80\x03kim\x81\x20" ID "\x83\x01x")},
	{rewrite_resend, LK_ERR_MALFORMED, BV("\x30\x2a\x80\x03kim\x81\x20" ID "\x04\x01x")},
	{rewrite_resend, LK_ERR_NOT_UTF8, BV("\x30\x27\x80\x03ki\xff\x81\x20" ID)},
	{rewrite_resend, LK_ERR_NOT_UTF8, BV("\x30\x2a\x80\x03kim\x81\x20" ID "\x82\x01\n")},

	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x00")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x02\x80\x00")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x03\x81\x01y")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x07\x80\x03kim\x81\x00")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x07\x80\x03kim\x82\x00")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x08\x80\x03kim\x83\x01z")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x0b\x80\x03kim\x82\x01z\x81\x01y")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x0b\x80\x03kim\x81\x01y\x81\x01y")},
	{rewrite_account, LK_ERR_MALFORMED, BV("\x30\x05\x04\x03kim")},
	{rewrite_account, LK_ERR_NOT_UTF8, BV("\x30\x08\x80\x03kim\x81\x01\xff")},
	{rewrite_account, LK_ERR_NOT_UTF8, BV("\x30\x08\x80\x03kim\x82\x01\n")},
};

static void test_wrong_values_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct berval *again = NULL;
		int status = wrong[i].rewrite(&wrong[i].ber, &again);

		if (status != wrong[i].status)
			print_message("# row %zu\n", i);
		assert_int_equal(status, wrong[i].status);
		assert_null(again);
	}
}

static void test_no_value_at_all_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(right); i++) {
		struct berval *again = NULL;

		assert_int_equal(right[i].rewrite(NULL, &again), LK_ERR_MALFORMED);
		assert_null(again);
	}
}

static void try_rewrite(const struct berval *damaged, void *data)
{
	struct berval *again = NULL, *once_more = NULL;
	rewriter rewrite = *(const rewriter *)data;

	if (rewrite(damaged, &again) != LK_OK)
		return;
	assert_int_equal(rewrite(again, &once_more), LK_OK);
	assert_bv_equal(again, once_more);
	lk_wire_free(again);
	lk_wire_free(once_more);
}

/* Each decoder is given each type's values, damaged. */
static void test_no_damage_does_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(right); i++) {
		rewriter own = right[i].rewrite;

		for_each_damage(&right[i].ber, try_rewrite, &own);
		for (size_t other = 0; other < COUNT(right); other++)
			try_rewrite(&right[i].ber, (void *)&right[other].rewrite);
	}
}

static void refuse_shorter(const struct berval *damaged, void *data)
{
	const struct berval *whole = data;
	struct berval *again = NULL;

	if (damaged->bv_len == whole->bv_len)
		return;
	for (size_t i = 0; i < COUNT(right); i++)
		assert_int_equal(right[i].rewrite(damaged, &again), LK_ERR_MALFORMED);
	assert_null(again);
}

/* Nor does anything pass with its end cut off or with octets after it. */
static void test_truncated_and_lengthened_values_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(right); i++)
		for_each_damage(&right[i].ber, refuse_shorter, (void *)&right[i].ber);
}

/* One more than there may be in one value, by hand, since no encoder makes it. */
static void test_too_many_elements_are_refused(void **state)
{
	struct berval ber = repeated('\0', 4 + 3 * (LK_TAKE_MAX + 1));
	size_t length = ber.bv_len - 4, count = 42;
	int *results = NULL;

	(void)state;
	memcpy(ber.bv_val, (char[]){0x30, (char)0x82, (char)(length >> 8), (char)length}, 4);
	for (size_t at = 4; at < ber.bv_len; at += 3)
		memcpy(ber.bv_val + at, "\x0a\x01\x00", 3);
	assert_int_equal(lk_wire_decode_settled(&ber, &results, &count), LK_ERR_TOO_LONG);
	assert_null(results);
	assert_int_equal(count, 42);
	free(ber.bv_val);
}

static int set_up(void **state)
{
	(void)state;
	return lk_protocol_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right_values_are_read_and_written),
		cmocka_unit_test(test_ber_that_is_not_der_is_read),
		cmocka_unit_test(test_wrong_values_are_told),
		cmocka_unit_test(test_no_value_at_all_is_told),
		cmocka_unit_test(test_no_damage_does_harm),
		cmocka_unit_test(test_truncated_and_lengthened_values_are_refused),
		cmocka_unit_test(test_too_many_elements_are_refused),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
