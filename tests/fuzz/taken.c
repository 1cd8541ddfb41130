/* The due messages that the mailer is given. */
#include "fuzz.h"

#include <stdlib.h>

#include "wire.h"

struct list {
	struct lk_taken *items;
	size_t count;
};

static int decode(const struct berval *octets, void *ret_value)
{
	struct list *list = ret_value;

	return lk_wire_decode_taken(octets, &list->items, &list->count);
}

static int encode(const void *value, struct berval **ret_octets)
{
	const struct list *list = value;

	return lk_wire_encode_taken(list->items, list->count, ret_octets);
}

static bool same_item(const struct lk_taken *a, const struct lk_taken *b)
{
	return fuzz_same_text(&a->holder, &b->holder) && fuzz_same_text(&a->message, &b->message) &&
		   fuzz_same_text(&a->sealed, &b->sealed) && fuzz_same_text(&a->entry_uuid, &b->entry_uuid);
}

static bool same(const void *a, const void *b)
{
	const struct list *first = a, *second = b;
	size_t i = 0;

	if (first->count != second->count)
		return false;
	while (i < first->count && same_item(&first->items[i], &second->items[i]))
		i++;
	return i == first->count;
}

static void release(void *value)
{
	free(((struct list *)value)->items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_format format = {sizeof(struct list), decode, encode, same, release};

	fuzz_round_trip(&format, data, size);
	return 0;
}
