/* What the mailer is told of the messages that it has settled. */
#include "fuzz.h"

#include <stdlib.h>

#include "wire.h"

struct list {
	int *items;
	size_t count;
};

static int decode(const struct berval *octets, void *ret_value)
{
	struct list *list = ret_value;

	return lk_wire_decode_settled(octets, &list->items, &list->count);
}

static int encode(const void *value, struct berval **ret_octets)
{
	const struct list *list = value;

	return lk_wire_encode_settled(list->items, list->count, ret_octets);
}

static bool same_item(const int *a, const int *b)
{
	return *a == *b;
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
