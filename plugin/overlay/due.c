/* Each item stands in a hash table, by its holder and id, and in one of two binary heaps: free items by when they are
 * due, leased ones by when their lease ends. So what can be taken next, and whether anything can, is at their tops. */
#include "due.h"

#include "policy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 64 /* a power of two */

struct heap;

/* One allocation, holder and all. */
struct item {
	struct lk_due_item is;
	struct item *next; /* in its bucket */
	struct heap *heap;
	size_t place; /* in its heap */
	uint64_t hash;
	uint64_t order; /* of arrival, between items that are due at one time */
	char holder[];
};

typedef bool is_before(const struct item *a, const struct item *b);

struct heap {
	struct item **items;
	size_t count;
	is_before *before;
};

struct lk_due {
	struct item **buckets;
	size_t buckets_count; /* a power of two */
	size_t count;
	size_t room; /* of each heap: every item fits into either, so that moving one cannot fail */
	uint64_t arrivals;
	struct heap free;
	struct heap leased;
};

static bool is_due_before(const struct item *a, const struct item *b)
{
	return a->is.due != b->is.due ? a->is.due < b->is.due : a->order < b->order;
}

static bool is_freed_before(const struct item *a, const struct item *b)
{
	return a->is.leased_until < b->is.leased_until;
}

static void heap_place(struct heap *heap, struct item *item, size_t place)
{
	heap->items[place] = item;
	item->place = place;
}

static void heap_rise(struct heap *heap, struct item *item)
{
	size_t place = item->place;
	while (place > 0) {
		size_t parent = (place - 1) / 2;
		if (!heap->before(item, heap->items[parent]))
			break;
		heap_place(heap, heap->items[parent], place);
		place = parent;
	}
	heap_place(heap, item, place);
}

static void heap_sink(struct heap *heap, struct item *item)
{
	size_t place = item->place;
	for (size_t child = 2 * place + 1; child < heap->count; child = 2 * place + 1) {
		if (child + 1 < heap->count && heap->before(heap->items[child + 1], heap->items[child]))
			child++;
		if (!heap->before(heap->items[child], item))
			break;
		heap_place(heap, heap->items[child], place);
		place = child;
	}
	heap_place(heap, item, place);
}

static void heap_insert(struct heap *heap, struct item *item)
{
	item->heap = heap;
	heap_place(heap, item, heap->count++);
	heap_rise(heap, item);
}

static void heap_remove(struct item *item)
{
	struct heap *heap = item->heap;
	struct item *last = heap->items[--heap->count];
	item->heap = NULL;
	if (last == item)
		return;
	heap_place(heap, last, item->place);
	heap_rise(heap, last);
	heap_sink(heap, last);
}

static struct item *heap_top(const struct heap *heap)
{
	return heap->count == 0 ? NULL : heap->items[0];
}

/* FNV-1a, 64 bits. Ids are random, so nobody can aim at one bucket. */
static uint64_t hash_octets(uint64_t hash, const char *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)octets[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_of(const struct berval *holder, const char *id)
{
	uint64_t hash = hash_octets(UINT64_C(0xcbf29ce484222325), holder->bv_val, holder->bv_len);
	return hash_octets(hash, id, strlen(id));
}

static bool is_item(const struct item *item, uint64_t hash, const struct berval *holder, const char *id)
{
	const struct berval *own = &item->is.holder;
	return item->hash == hash && own->bv_len == holder->bv_len && strcmp(item->is.id, id) == 0 &&
		   (own->bv_len == 0 || memcmp(own->bv_val, holder->bv_val, own->bv_len) == 0);
}

static struct item **bucket_of(struct item **buckets, size_t count, uint64_t hash)
{
	return &buckets[hash & (count - 1)];
}

/* The link that points at the item, or at NULL where there is none. */
static struct item **find_link(const struct lk_due *due, const struct berval *holder, const char *id)
{
	uint64_t hash = hash_of(holder, id);
	struct item **link = bucket_of(due->buckets, due->buckets_count, hash);
	while (*link != NULL && !is_item(*link, hash, holder, id))
		link = &(*link)->next;
	return link;
}

/* Without memory for more buckets the old ones do, only slower. */
static void grow_buckets(struct lk_due *due)
{
	size_t count = due->buckets_count * 2;
	struct item **buckets = calloc(count, sizeof *buckets);
	if (buckets == NULL)
		return;
	for (size_t i = 0; i < due->buckets_count; i++) {
		for (struct item *item = due->buckets[i], *next; item != NULL; item = next) {
			struct item **bucket = bucket_of(buckets, count, item->hash);
			next = item->next;
			item->next = *bucket;
			*bucket = item;
		}
	}
	free(due->buckets);
	due->buckets = buckets;
	due->buckets_count = count;
}

static bool grow_heap(struct heap *heap, size_t room)
{
	struct item **items = reallocarray(heap->items, room, sizeof *items);
	if (items == NULL)
		return false;
	heap->items = items;
	return true;
}

static bool make_room(struct lk_due *due)
{
	size_t room = due->room == 0 ? FIRST_BUCKETS : due->room * 2;
	if (due->count < due->room)
		return true;
	if (!grow_heap(&due->free, room) || !grow_heap(&due->leased, room))
		return false;
	due->room = room;
	return true;
}

static struct item *item_new(const struct berval *holder, const char *id)
{
	struct item *item = calloc(1, sizeof *item + holder->bv_len + 1);
	if (item == NULL)
		return NULL;
	if (holder->bv_len != 0)
		memcpy(item->holder, holder->bv_val, holder->bv_len);
	item->is.holder = (struct berval){holder->bv_len, item->holder};
	memcpy(item->is.id, id, strlen(id) + 1);
	item->hash = hash_of(holder, id);
	return item;
}

struct lk_due *lk_due_new(void)
{
	struct lk_due *due = calloc(1, sizeof *due);
	if (due == NULL)
		return NULL;
	due->free.before = is_due_before;
	due->leased.before = is_freed_before;
	due->buckets_count = FIRST_BUCKETS;
	due->buckets = calloc(due->buckets_count, sizeof *due->buckets);
	if (due->buckets != NULL)
		return due;
	free(due);
	return NULL;
}

void lk_due_free(struct lk_due *due)
{
	if (due == NULL)
		return;
	for (size_t i = 0; i < due->free.count; i++)
		free(due->free.items[i]);
	for (size_t i = 0; i < due->leased.count; i++)
		free(due->leased.items[i]);
	free(due->free.items);
	free(due->leased.items);
	free(due->buckets);
	free(due);
}

static void set_free(struct lk_due *due, struct item *item)
{
	item->is.leased_until = 0;
	heap_insert(&due->free, item);
}

static void reschedule(struct lk_due *due, struct item *item, time_t when)
{
	if (item->is.due == when)
		return;
	heap_remove(item);
	item->is.due = when;
	set_free(due, item);
}

static bool add(struct lk_due *due, const struct berval *holder, const char *id, time_t when)
{
	struct item *item = make_room(due) ? item_new(holder, id) : NULL;
	if (item == NULL)
		return false;
	if (due->count >= due->buckets_count)
		grow_buckets(due);
	struct item **bucket = bucket_of(due->buckets, due->buckets_count, item->hash);
	item->next = *bucket;
	*bucket = item;
	item->order = due->arrivals++;
	item->is.due = when;
	set_free(due, item);
	due->count++;
	return true;
}

bool lk_due_put(struct lk_due *due, const struct berval *holder, const char *id, time_t when)
{
	if (strlen(id) > LK_ID_TEXT)
		return false;
	struct item *known = *find_link(due, holder, id);
	if (known == NULL)
		return add(due, holder, id, when);
	reschedule(due, known, when);
	return true;
}

void lk_due_remove(struct lk_due *due, const struct berval *holder, const char *id)
{
	struct item **link = find_link(due, holder, id);
	struct item *item = *link;
	if (item == NULL)
		return;
	*link = item->next;
	heap_remove(item);
	free(item);
	due->count--;
}

static void end_leases(struct lk_due *due, time_t now)
{
	struct item *item;
	while ((item = heap_top(&due->leased)) != NULL && item->is.leased_until <= now) {
		heap_remove(item);
		set_free(due, item);
	}
}

static bool copy_item(const struct item *item, struct lk_due_item *ret_item)
{
	size_t length = item->is.holder.bv_len;
	char *holder = malloc(length + 1);
	if (holder == NULL)
		return false;
	memcpy(holder, item->holder, length + 1);
	*ret_item = item->is;
	ret_item->holder.bv_val = holder;
	return true;
}

size_t lk_due_take(struct lk_due *due, time_t now, time_t lease, size_t most, struct lk_due_item *ret_items)
{
	size_t taken = 0;
	struct item *item;
	end_leases(due, now);
	while (taken < most && (item = heap_top(&due->free)) != NULL && item->is.due <= now) {
		item->is.leased_until = now + lease;
		if (!copy_item(item, &ret_items[taken])) {
			item->is.leased_until = 0;
			break;
		}
		heap_remove(item);
		heap_insert(&due->leased, item);
		taken++;
	}
	return taken;
}

bool lk_due_has(const struct lk_due *due, const struct berval *holder, const char *id)
{
	return *find_link(due, holder, id) != NULL;
}

bool lk_due_has_within(const struct lk_due *due, const struct berval *ndn)
{
	for (size_t i = 0; i < due->buckets_count; i++) {
		for (const struct item *item = due->buckets[i]; item != NULL; item = item->next) {
			if (lk_dn_is_within(&item->is.holder, ndn))
				return true;
		}
	}
	return false;
}

size_t lk_due_count(const struct lk_due *due)
{
	return due->count;
}
