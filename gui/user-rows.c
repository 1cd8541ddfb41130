#include "user-rows.h"

#include <string.h>

/* Kept beyond what is looked at: what one scrolls back to is mostly there. */
#define MOST_CHUNKS 20

struct row {
	unsigned char uuid[LK_UUID_SIZE]; /* all zero: not known, so that only its position finds it again */
	LkUser *user; /* or NULL */
};

struct lk_rows {
	GArray *rows; /* of struct row */
	GQueue recent; /* the numbers of chunks that hold users, the one that was looked at last first */
	gboolean positional; /* positions find entries again: no row need be kept for want of a UUID */
};

static void clear_row(gpointer data)
{
	struct row *row = data;

	g_clear_object(&row->user);
}

struct lk_rows *lk_rows_new(void)
{
	struct lk_rows *self = g_new0(struct lk_rows, 1);

	self->rows = g_array_new(FALSE, TRUE, sizeof(struct row));
	g_array_set_clear_func(self->rows, clear_row);
	g_queue_init(&self->recent);
	return self;
}

void lk_rows_free(struct lk_rows *self)
{
	if (self == NULL)
		return;
	g_array_unref(self->rows);
	g_queue_clear(&self->recent);
	g_free(self);
}

guint lk_rows_count(const struct lk_rows *self)
{
	return self->rows->len;
}

static struct row *row_at(const struct lk_rows *self, guint position)
{
	return &g_array_index(self->rows, struct row, position);
}

static void touch(struct lk_rows *self, guint position)
{
	gpointer chunk = GUINT_TO_POINTER(position / LK_ROWS_CHUNK);

	if (!g_queue_is_empty(&self->recent) && g_queue_peek_head(&self->recent) == chunk)
		return;
	g_queue_remove(&self->recent, chunk);
	g_queue_push_head(&self->recent, chunk);
}

static LkUser *user_at(struct lk_rows *self, guint position)
{
	struct row *row = row_at(self, position);

	if (row->user == NULL)
		row->user = lk_user_new_for(row->uuid);
	return row->user;
}

LkUser *lk_rows_get(struct lk_rows *self, guint position)
{
	touch(self, position);
	return user_at(self, position);
}

LkUser *lk_rows_peek(struct lk_rows *self, guint position)
{
	struct row *row = row_at(self, position);

	return row->user == NULL ? lk_user_new_for(row->uuid) : g_object_ref(row->user);
}

void lk_rows_reset(struct lk_rows *self, guint count)
{
	g_queue_clear(&self->recent);
	g_array_set_size(self->rows, 0);
	g_array_set_size(self->rows, count);
	self->positional = count > 0;
}

static void take_person(struct lk_rows *self, guint position, GPtrArray *people, guint index)
{
	struct lk_person *person = people->pdata[index];

	people->pdata[index] = NULL;
	memcpy(row_at(self, position)->uuid, person->uuid, LK_UUID_SIZE);
	lk_user_take_person(user_at(self, position), person);
}

void lk_rows_append(struct lk_rows *self, GPtrArray *people)
{
	guint first = self->rows->len;

	g_array_set_size(self->rows, first + people->len);
	for (guint i = 0; i < people->len; i++) {
		touch(self, first + i);
		take_person(self, first + i, people, i);
	}
}

void lk_rows_append_unread(struct lk_rows *self, const unsigned char *uuids, guint count)
{
	guint first = self->rows->len;

	g_array_set_size(self->rows, first + count);
	for (guint i = 0; i < count; i++)
		memcpy(row_at(self, first + i)->uuid, uuids + LK_UUID_SIZE * i, LK_UUID_SIZE);
}

/* -- Merging -- */

/* The UUIDs of PEOPLE, which own the keys. */
static GHashTable *uuids_of(GPtrArray *people)
{
	GHashTable *uuids = g_hash_table_new(lk_uuid_hash, lk_uuid_equal);

	for (guint i = 0; i < people->len; i++)
		g_hash_table_add(uuids, ((struct lk_person *)people->pdata[i])->uuid);
	return uuids;
}

static void remove_absent(struct lk_rows *self, GHashTable *uuids, lk_rows_changed *changed, gpointer data)
{
	for (guint end = self->rows->len; end > 0;) {
		guint begin = end;
		while (begin > 0 && !g_hash_table_contains(uuids, row_at(self, begin - 1)->uuid))
			begin--;
		if (begin < end) {
			g_array_remove_range(self->rows, begin, end - begin);
			changed(data, begin, end - begin, 0);
		}
		end = begin == 0 ? 0 : begin - 1;
	}
}

static gboolean is_at(const struct lk_rows *self, guint position, const struct lk_person *person)
{
	return position < self->rows->len && lk_uuid_equal(row_at(self, position)->uuid, person->uuid);
}

/* Of the rows that stay, removes those from where their order is no longer that of PEOPLE. */
static void remove_misplaced(struct lk_rows *self, GPtrArray *people, lk_rows_changed *changed, gpointer data)
{
	GHashTable *staying = g_hash_table_new(lk_uuid_hash, lk_uuid_equal);
	guint in_order = 0, count = self->rows->len;

	for (guint i = 0; i < count; i++)
		g_hash_table_add(staying, row_at(self, i)->uuid);
	for (guint i = 0; i < people->len; i++) {
		struct lk_person *person = people->pdata[i];
		if (!g_hash_table_contains(staying, person->uuid))
			continue;
		if (!is_at(self, in_order, person))
			break;
		in_order++;
	}
	g_hash_table_unref(staying);
	if (in_order == count)
		return;
	g_array_set_size(self->rows, in_order);
	changed(data, in_order, count - in_order, 0);
}

/* Those of PEOPLE from FIRST that come before the row that is at FIRST now. */
static void add_new(struct lk_rows *self, GPtrArray *people, guint first, lk_rows_changed *changed, gpointer data)
{
	guint count = 0;

	while (first + count < people->len && !is_at(self, first, people->pdata[first + count]))
		count++;
	struct row *none = g_new0(struct row, count);
	g_array_insert_vals(self->rows, first, none, count);
	g_free(none);
	for (guint i = first; i < first + count; i++)
		take_person(self, i, people, i);
	changed(data, first, 0, count);
}

static void touch_all(struct lk_rows *self)
{
	g_queue_clear(&self->recent);
	for (guint position = 0; position < self->rows->len; position += LK_ROWS_CHUNK)
		touch(self, position);
}

void lk_rows_merge(struct lk_rows *self, GPtrArray *people, lk_rows_changed *changed, gpointer data)
{
	GHashTable *uuids = uuids_of(people);

	remove_absent(self, uuids, changed, data);
	g_hash_table_unref(uuids);
	remove_misplaced(self, people, changed, data);
	for (guint i = 0; i < people->len; i++) {
		if (people->pdata[i] == NULL)
			continue;
		if (is_at(self, i, people->pdata[i]))
			take_person(self, i, people, i);
		else
			add_new(self, people, i, changed, data);
	}
	touch_all(self);
}

/* -- Reading -- */

static gboolean is_shown(const struct row *row)
{
	return row->user != NULL && g_atomic_int_get((const gint *)&G_OBJECT(row->user)->ref_count) > 1;
}

static gboolean is_settled(const struct row *row)
{
	return row->user != NULL && lk_user_is_settled(row->user);
}

static guint chunk_end(const struct lk_rows *self, guint chunk)
{
	return MIN((chunk + 1) * LK_ROWS_CHUNK, self->rows->len);
}

static gboolean is_wanted(const struct lk_rows *self, guint chunk)
{
	for (guint i = chunk * LK_ROWS_CHUNK; i < chunk_end(self, chunk); i++) {
		if (is_shown(row_at(self, i)) && !is_settled(row_at(self, i)))
			return TRUE;
	}
	return FALSE;
}

GPtrArray *lk_rows_wanted(struct lk_rows *self)
{
	GList *at = self->recent.head;

	while (at != NULL && !is_wanted(self, GPOINTER_TO_UINT(at->data)))
		at = at->next;
	if (at == NULL)
		return NULL;

	GPtrArray *users = g_ptr_array_new_with_free_func(g_object_unref);
	guint chunk = GPOINTER_TO_UINT(at->data);
	for (guint i = chunk * LK_ROWS_CHUNK; i < chunk_end(self, chunk); i++) {
		if (!is_settled(row_at(self, i)))
			g_ptr_array_add(users, g_object_ref(user_at(self, i)));
	}
	return users;
}

GPtrArray *lk_rows_shown(struct lk_rows *self, guint most)
{
	GPtrArray *users = g_ptr_array_new_with_free_func(g_object_unref);

	for (GList *at = self->recent.head; at != NULL; at = at->next) {
		guint chunk = GPOINTER_TO_UINT(at->data);
		for (guint i = chunk * LK_ROWS_CHUNK; i < chunk_end(self, chunk) && users->len < most; i++) {
			if (is_shown(row_at(self, i)))
				g_ptr_array_add(users, g_object_ref(row_at(self, i)->user));
		}
	}
	return users;
}

/* -- Letting go -- */

static gboolean is_findable(const struct lk_rows *self, const struct row *row)
{
	static const unsigned char none[LK_UUID_SIZE];

	return self->positional || !lk_uuid_equal(row->uuid, none);
}

/* Whether all of them could be let go. */
static gboolean drop_chunk(struct lk_rows *self, guint chunk)
{
	gboolean all = TRUE;

	for (guint i = chunk * LK_ROWS_CHUNK; i < chunk_end(self, chunk); i++) {
		struct row *row = row_at(self, i);
		if (row->user == NULL)
			continue;
		if (is_shown(row) || !is_findable(self, row))
			all = FALSE;
		else
			g_clear_object(&row->user);
	}
	return all;
}

static void drop_beyond(struct lk_rows *self, guint most)
{
	GQueue held = G_QUEUE_INIT;

	while (self->recent.length > most) {
		gpointer chunk = g_queue_pop_tail(&self->recent);
		if (!drop_chunk(self, GPOINTER_TO_UINT(chunk)))
			g_queue_push_head(&held, chunk);
	}
	while (!g_queue_is_empty(&held))
		g_queue_push_tail(&self->recent, g_queue_pop_head(&held));
}

void lk_rows_trim(struct lk_rows *self)
{
	drop_beyond(self, MOST_CHUNKS);
}

void lk_rows_forget(struct lk_rows *self)
{
	drop_beyond(self, 0);
}
