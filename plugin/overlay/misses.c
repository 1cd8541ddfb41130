/* Wrong one-time passwords, counted. */
#include "misses.h"

#include <stdlib.h>
#include <string.h>

struct row {
	unsigned char key[LK_MISSES_KEY];
	int count; /* 0: a free row */
	unsigned long touched;
};

struct lk_misses {
	size_t capacity;
	unsigned long clock; /* counts what was done */
	struct row rows[];
};

struct lk_misses *lk_misses_new(size_t capacity)
{
	struct lk_misses *misses = calloc(1, sizeof(*misses) + capacity * sizeof(*misses->rows));

	if (misses != NULL)
		misses->capacity = capacity;
	return misses;
}

void lk_misses_free(struct lk_misses *misses)
{
	free(misses);
}

static struct row *find(const struct lk_misses *misses, const unsigned char key[LK_MISSES_KEY])
{
	for (size_t i = 0; i < misses->capacity; i++) {
		const struct row *row = &misses->rows[i];

		if (row->count > 0 && memcmp(row->key, key, LK_MISSES_KEY) == 0)
			return (struct row *)row;
	}
	return NULL;
}

/* A free row, or the one that was touched longest ago. */
static struct row *make_room(struct lk_misses *misses)
{
	struct row *oldest = &misses->rows[0];

	for (size_t i = 0; i < misses->capacity && oldest->count > 0; i++) {
		if (misses->rows[i].count == 0 || misses->rows[i].touched < oldest->touched)
			oldest = &misses->rows[i];
	}
	oldest->count = 0;
	return oldest;
}

bool lk_misses_take(struct lk_misses *misses, const unsigned char key[LK_MISSES_KEY])
{
	struct row *row = find(misses, key);

	if (row == NULL) {
		row = make_room(misses);
		memcpy(row->key, key, LK_MISSES_KEY);
	}
	if (row->count >= LK_MISSES_MOST)
		return false;
	row->count++;
	row->touched = ++misses->clock;
	return true;
}

bool lk_misses_are_spent(const struct lk_misses *misses, const unsigned char key[LK_MISSES_KEY])
{
	const struct row *row = find(misses, key);

	return row != NULL && row->count >= LK_MISSES_MOST;
}

void lk_misses_forgive(struct lk_misses *misses, const unsigned char key[LK_MISSES_KEY])
{
	struct row *row = find(misses, key);

	if (row != NULL)
		row->count = 0;
}
