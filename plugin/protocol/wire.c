/* The end of an encoded value: checked, handed over, and erased. */
#include "wire.h"

#include <sodium.h>

#include "error.h"
#include "wire-common.h"

static void erase(struct berval *value)
{
	if (value->bv_val != NULL)
		sodium_memzero(value->bv_val, value->bv_len);
	ber_memfree(value->bv_val);
}

int lk_wire_finish(struct lk_encoder *encoder, lk_wire_check *check, const void *context, struct berval **ret_ber)
{
	struct berval value, *ber;
	int status = lk_encoder_close(encoder, &value);

	if (status != LK_OK)
		return status;
	status = check(&value, context);
	ber = status == LK_OK ? ber_memalloc(sizeof(*ber)) : NULL;
	if (ber == NULL) {
		erase(&value);
		return status == LK_OK ? LK_ERR_NO_MEMORY : status;
	}
	*ber = value;
	*ret_ber = ber;
	return LK_OK;
}

void lk_wire_free(struct berval *ber)
{
	if (ber == NULL)
		return;
	erase(ber);
	ber_memfree(ber);
}
