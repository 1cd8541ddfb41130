/* A ring of fixed size, with a hash table over the names in it: what is done takes the same few steps however many
 * wait. */
#include "wishes.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX

struct slot {
	uint64_t user; /* the hash of the name */
	struct lk_wish *wish;
	uint32_t next; /* the slot with another name of the same chain, or NOBODY */
};

struct lk_wishes {
	unsigned char key[LK_WISHES_KEY];
	size_t capacity;
	size_t first;
	size_t count;
	uint32_t *chains; /* as many as slots */
	struct slot slots[];
};

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static char *put_text(char *to, const struct berval *from, struct berval *ret_text)
{
	*ret_text = (struct berval){from->bv_len, to};
	if (from->bv_len != 0)
		memcpy(to, from->bv_val, from->bv_len);
	return to + from->bv_len + 1; /* calloc has ended the text */
}

struct lk_wish *lk_wish_copy(const struct lk_wish *wish)
{
	size_t texts = wish->user.bv_len + wish->locale.bv_len + wish->client.bv_len + wish->via.bv_len + 4;
	struct lk_wish *copy = calloc(1, sizeof *copy + texts);
	if (copy == NULL)
		return NULL;
	char *to = (char *)(copy + 1);
	to = put_text(to, &wish->user, &copy->user);
	to = put_text(to, &wish->locale, &copy->locale);
	to = put_text(to, &wish->client, &copy->client);
	put_text(to, &wish->via, &copy->via);
	return copy;
}

void lk_wish_free(struct lk_wish *wish)
{
	free(wish);
}

/* Of the name in lower case, in pieces of a fixed size, each hashed with what came before it: 64 bits under a key that
 * nobody knows, so that two names share a hash by no will and by no chance to speak of. */
static uint64_t hash_of(const struct lk_wishes *wishes, const struct berval *name)
{
	unsigned char piece[sizeof(uint64_t) + 64];
	uint64_t hash = name->bv_len;

	for (size_t done = 0, length; done == 0 || done < name->bv_len; done += length) {
		length = name->bv_len - done < 64 ? name->bv_len - done : 64;
		memcpy(piece, &hash, sizeof hash);
		for (size_t i = 0; i < length; i++)
			piece[sizeof hash + i] = (unsigned char)lower(name->bv_val[done + i]);
		crypto_shorthash((unsigned char *)&hash, piece, sizeof hash + length, wishes->key);
		if (length == 0)
			break;
	}
	return hash;
}

struct lk_wishes *lk_wishes_new(size_t capacity, const unsigned char key[LK_WISHES_KEY])
{
	struct lk_wishes *wishes;

	if (capacity == 0 || capacity >= NOBODY)
		return NULL;
	wishes = calloc(1, sizeof *wishes + capacity * sizeof(struct slot));
	if (wishes == NULL)
		return NULL;
	wishes->chains = malloc(capacity * sizeof *wishes->chains);
	if (wishes->chains == NULL) {
		free(wishes);
		return NULL;
	}
	memset(wishes->chains, 0xFF, capacity * sizeof *wishes->chains);
	memcpy(wishes->key, key, LK_WISHES_KEY);
	wishes->capacity = capacity;
	return wishes;
}

void lk_wishes_free(struct lk_wishes *wishes)
{
	struct lk_wish *wish;

	if (wishes == NULL)
		return;
	while ((wish = lk_wishes_take(wishes)) != NULL)
		lk_wish_free(wish);
	free(wishes->chains);
	free(wishes);
}

static bool is_known(const struct lk_wishes *wishes, uint64_t user)
{
	uint32_t at = wishes->chains[user % wishes->capacity];

	while (at != NOBODY && wishes->slots[at].user != user)
		at = wishes->slots[at].next;
	return at != NOBODY;
}

enum lk_wish_result lk_wishes_put(struct lk_wishes *wishes, struct lk_wish *wish)
{
	uint64_t user = hash_of(wishes, &wish->user);
	uint32_t *chain = &wishes->chains[user % wishes->capacity];
	size_t at = (wishes->first + wishes->count) % wishes->capacity;

	if (is_known(wishes, user))
		return LK_WISH_KNOWN;
	if (wishes->count == wishes->capacity)
		return LK_WISH_FULL;
	wishes->slots[at] = (struct slot){user, wish, *chain};
	*chain = (uint32_t)at;
	wishes->count++;
	return LK_WISH_TAKEN;
}

static void unchain(struct lk_wishes *wishes, uint32_t at)
{
	uint32_t *link = &wishes->chains[wishes->slots[at].user % wishes->capacity];

	while (*link != at)
		link = &wishes->slots[*link].next;
	*link = wishes->slots[at].next;
}

struct lk_wish *lk_wishes_take(struct lk_wishes *wishes)
{
	struct lk_wish *wish;

	if (wishes->count == 0)
		return NULL;
	wish = wishes->slots[wishes->first].wish;
	unchain(wishes, (uint32_t)wishes->first);
	wishes->first = (wishes->first + 1) % wishes->capacity;
	wishes->count--;
	return wish;
}

size_t lk_wishes_count(const struct lk_wishes *wishes)
{
	return wishes->count;
}
