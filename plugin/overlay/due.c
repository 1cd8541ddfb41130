/* Each item stands in a hash table, by its holder and id, and in binary heaps: free items by when they are due, the first at
 * the top of one and the last at the top of another, leased ones by when their lease ends. So what can be taken next, whether
 * anything can, and what has to make room is at their tops. */
#include "due.h"

#include "policy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 64 /* a power of two */
#define PLACES 2 /* heaps in which an item stands at once, at most */

/* One allocation, holder and all. */
struct item {
	struct lk_due_item is;
	struct item *next; /* in its bucket */
	bool leased;
	size_t places[PLACES]; /* in its heaps */
	uint64_t hash;
	uint64_t order; /* of arrival, between items that are due at one time */
	char holder[];
};

typedef bool is_before(const struct item *a, const struct item *b);

struct heap {
	size_t which; /* of an item's places is the one in this heap */
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
	struct heap first, last; /* free items */
	struct heap leased;

	size_t most; /* free items; 0: any number */
	size_t beyond; /* about how many there was no room for */
	time_t first_beyond; /* when the first of these is due; NEVER: none is */
	bool looking; /* between lk_due_begin() and lk_due_end() */
	size_t dropped; /* since then */
};

#define NEVER ((time_t)(UINT64_MAX >> 1))

static bool is_due_before(const struct item *a, const struct item *b)
{
	return a->is.due != b->is.due ? a->is.due < b->is.due : a->order < b->order;
}

static bool is_due_after(const struct item *a, const struct item *b)
{
	return is_due_before(b, a);
}

static bool is_freed_before(const struct item *a, const struct item *b)
{
	return a->is.leased_until < b->is.leased_until;
}

static void heap_place(struct heap *heap, struct item *item, size_t place)
{
	heap->items[place] = item;
	item->places[heap->which] = place;
}

static void heap_rise(struct heap *heap, struct item *item)
{
	size_t place = item->places[heap->which];
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
	size_t place = item->places[heap->which];
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
	heap_place(heap, item, heap->count++);
	heap_rise(heap, item);
}

static void heap_remove(struct heap *heap, struct item *item)
{
	struct item *last = heap->items[--heap->count];
	if (last == item)
		return;
	heap_place(heap, last, item->places[heap->which]);
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
	if (!grow_heap(&due->first, room) || !grow_heap(&due->last, room) || !grow_heap(&due->leased, room))
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

struct lk_due *lk_due_new(size_t most)
{
	struct lk_due *due = calloc(1, sizeof *due);
	if (due == NULL)
		return NULL;
	due->first.before = is_due_before;
	due->last = (struct heap){.which = 1, .before = is_due_after};
	due->leased.before = is_freed_before;
	due->most = most;
	due->first_beyond = NEVER;
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
	for (size_t i = 0; i < due->first.count; i++)
		free(due->first.items[i]);
	for (size_t i = 0; i < due->leased.count; i++)
		free(due->leased.items[i]);
	free(due->first.items);
	free(due->last.items);
	free(due->leased.items);
	free(due->buckets);
	free(due);
}

static void leave_heaps(struct lk_due *due, struct item *item)
{
	if (item->leased) {
		heap_remove(&due->leased, item);
		return;
	}
	heap_remove(&due->first, item);
	heap_remove(&due->last, item);
}

/* LINK points at ITEM. */
static void discard(struct lk_due *due, struct item **link)
{
	struct item *item = *link;
	*link = item->next;
	leave_heaps(due, item);
	free(item);
	due->count--;
}

/* The last of the free items goes where there are too many. */
static void make_way(struct lk_due *due)
{
	struct item *item = heap_top(&due->last);
	if (due->most == 0 || due->first.count <= due->most)
		return;
	due->beyond++;
	due->dropped++;
	if (item->is.due < due->first_beyond)
		due->first_beyond = item->is.due;
	discard(due, find_link(due, &item->is.holder, item->is.id));
}

/* ITEM, which is in no heap, may be gone afterwards. */
static void set_free(struct lk_due *due, struct item *item)
{
	item->leased = false;
	item->is.leased_until = 0;
	heap_insert(&due->first, item);
	heap_insert(&due->last, item);
	make_way(due);
}

static void reschedule(struct lk_due *due, struct item *item, time_t when)
{
	if (item->is.due == when)
		return;
	leave_heaps(due, item);
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
	due->count++;
	if (due->looking && due->beyond > 0)
		due->beyond--;
	set_free(due, item);
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
	if (*link != NULL)
		discard(due, link);
}

static void end_leases(struct lk_due *due, time_t now)
{
	struct item *item;
	while ((item = heap_top(&due->leased)) != NULL && item->is.leased_until <= now) {
		leave_heaps(due, item);
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
	while (taken < most && (item = heap_top(&due->first)) != NULL && item->is.due <= now) {
		item->is.leased_until = now + lease;
		if (!copy_item(item, &ret_items[taken])) {
			item->is.leased_until = 0;
			break;
		}
		leave_heaps(due, item);
		item->leased = true;
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
	return due->count + due->beyond;
}

bool lk_due_is_wanting(const struct lk_due *due, time_t now)
{
	const struct item *next = heap_top(&due->first);
	return due->first_beyond <= now && (next == NULL || next->is.due > now);
}

bool lk_due_is_looked_for(const struct lk_due *due)
{
	return due->looking;
}

void lk_due_begin(struct lk_due *due)
{
	due->looking = true;
	due->dropped = 0;
	due->first_beyond = NEVER;
}

bool lk_due_is_full(const struct lk_due *due, time_t now)
{
	return due->most > 0 && due->first.count == due->most && heap_top(&due->last)->is.due <= now;
}

void lk_due_end(struct lk_due *due, bool all)
{
	due->looking = false;
	if (all)
		due->beyond = due->dropped;
	else
		due->first_beyond = 0;
}
