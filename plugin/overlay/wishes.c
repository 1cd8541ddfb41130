/* A ring of fixed size. Looking for a name or counting a client's share walks it, comparing hashes: at the capacities in
 * question that is some microseconds, and whatever strangers send, never more than one pass. */
#include "wishes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct slot {
	uint64_t user; /* hashes; equal texts have equal ones */
	uint64_t client;
	struct lk_wish *wish;
};

struct lk_wishes {
	size_t capacity;
	size_t share;
	size_t first;
	size_t count;
	struct slot slots[];
};

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* FNV-1a, 64 bits, over the text in lower case; who makes two collide gains nothing, as the texts are compared too. */
static uint64_t hash_of(const struct berval *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < text->bv_len; i++)
		hash = (hash ^ lower(text->bv_val[i])) * UINT64_C(0x100000001b3);
	return hash;
}

static bool is_same(const struct berval *a, const struct berval *b)
{
	if (a->bv_len != b->bv_len)
		return false;
	for (size_t i = 0; i < a->bv_len; i++) {
		if (lower(a->bv_val[i]) != lower(b->bv_val[i]))
			return false;
	}
	return true;
}

static struct slot *slot_at(struct lk_wishes *wishes, size_t index)
{
	size_t at = wishes->first + index;
	return &wishes->slots[at < wishes->capacity ? at : at - wishes->capacity];
}

static char *put_text(char *to, const struct berval *from, struct berval *ret_text)
{
	*ret_text = (struct berval){from->bv_len, to};
	if (from->bv_len != 0)
		memcpy(to, from->bv_val, from->bv_len);
	return to + from->bv_len + 1; /* calloc has ended the text */
}

/* The wish and its texts are one allocation. */
static struct lk_wish *copy_wish(const struct lk_wish *wish)
{
	size_t texts = wish->user.bv_len + wish->locale.bv_len + wish->client.bv_len + 3;
	struct lk_wish *copy = calloc(1, sizeof *copy + texts);
	if (copy == NULL)
		return NULL;
	char *to = (char *)(copy + 1);
	to = put_text(to, &wish->user, &copy->user);
	to = put_text(to, &wish->locale, &copy->locale);
	put_text(to, &wish->client, &copy->client);
	return copy;
}

/* Whether there is a place for WISH; slot holds its hashes. */
static enum lk_wish_result judge(struct lk_wishes *wishes, const struct lk_wish *wish, const struct slot *slot)
{
	size_t of_client = 0;
	for (size_t i = 0; i < wishes->count; i++) {
		const struct slot *other = slot_at(wishes, i);
		if (other->user == slot->user && is_same(&other->wish->user, &wish->user))
			return LK_WISH_KNOWN;
		if (other->client == slot->client && is_same(&other->wish->client, &wish->client))
			of_client++;
	}
	if (of_client >= wishes->share)
		return LK_WISH_SHARE;
	return wishes->count < wishes->capacity ? LK_WISH_TAKEN : LK_WISH_FULL;
}

struct lk_wishes *lk_wishes_new(size_t capacity, size_t share)
{
	if (capacity > (SIZE_MAX - sizeof(struct lk_wishes)) / sizeof(struct slot))
		return NULL;
	struct lk_wishes *wishes = calloc(1, sizeof *wishes + capacity * sizeof(struct slot));
	if (wishes == NULL)
		return NULL;
	wishes->capacity = capacity;
	wishes->share = share;
	return wishes;
}

void lk_wishes_free(struct lk_wishes *wishes)
{
	if (wishes == NULL)
		return;
	for (size_t i = 0; i < wishes->count; i++)
		lk_wish_free(slot_at(wishes, i)->wish);
	free(wishes);
}

enum lk_wish_result lk_wishes_add(struct lk_wishes *wishes, const struct lk_wish *wish)
{
	struct slot slot = {hash_of(&wish->user), hash_of(&wish->client), NULL};
	enum lk_wish_result result = judge(wishes, wish, &slot);
	if (result != LK_WISH_TAKEN)
		return result;
	slot.wish = copy_wish(wish);
	if (slot.wish == NULL)
		return LK_WISH_NO_MEMORY;
	*slot_at(wishes, wishes->count++) = slot;
	return LK_WISH_TAKEN;
}

struct lk_wish *lk_wishes_take(struct lk_wishes *wishes)
{
	if (wishes->count == 0)
		return NULL;
	struct lk_wish *wish = slot_at(wishes, 0)->wish;
	wishes->first = (wishes->first + 1) % wishes->capacity;
	wishes->count--;
	return wish;
}

size_t lk_wishes_count(const struct lk_wishes *wishes)
{
	return wishes->count;
}

void lk_wish_free(struct lk_wish *wish)
{
	free(wish);
}
