#include "person-order.h"

#include <string.h>

/* Each is worked out once: to collate a text costs microseconds, and a sort compares each some ten times. */
struct key {
	char *text; /* for strcmp(); "" for nothing */
	gint64 number;
	bool empty;
	char *name;
	guint place; /* before */
	struct lk_person *person;
};

static const char *login_of(const struct lk_person *person)
{
	return person->account->login == NULL ? "" : person->account->login;
}

static const char *mail_of(const struct lk_person *person)
{
	return person->mail;
}

static const char *department_of(const struct lk_person *person)
{
	return person->department;
}

static const char *title_of(const struct lk_person *person)
{
	return person->title;
}

static const char *number_of(const struct lk_person *person)
{
	return person->number;
}

static gint64 role_of(const struct lk_person *person)
{
	return person->role == LK_ROLE_NOBODYS ? 0 : 1 + LK_ROLE_OF_GLOBAL_ADMIN - (gint64)person->role;
}

static gint64 state_of(const struct lk_person *person)
{
	return (gint64)lk_person_state(person, time(NULL)) + 1;
}

static gint64 last_sign_in_of(const struct lk_person *person)
{
	return person->last_sign_in;
}

static gint64 last_message_of(const struct lk_person *person)
{
	const struct lk_account_message *message = lk_person_last_message(person);

	return message == NULL ? 0 : message->created;
}

static const struct column {
	const char *name;
	const char *(*text)(const struct lk_person *person); /* "" for nothing */
	gint64 (*number)(const struct lk_person *person); /* or NULL; 0 for nothing */
} columns[] = {
	{"name", lk_person_name, NULL}, /* the first is taken where none fits */
	{"login", login_of, NULL},
	{"mail", mail_of, NULL},
	{"department", department_of, NULL},
	{"title", title_of, NULL},
	{"number", number_of, NULL},
	{"role", NULL, role_of},
	{"state", NULL, state_of},
	{"last-sign-in", NULL, last_sign_in_of},
	{"last-message", NULL, last_message_of},
};

static const struct column *find_column(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	}
	return columns;
}

static void clear_key(gpointer data)
{
	struct key *key = data;

	g_free(key->text);
	g_free(key->name);
}

/* What the directory holds need not be UTF-8. */
static char *collate_key(const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);
	char *key = g_utf8_collate_key(valid, -1);

	g_free(valid);
	return key;
}

static struct key make_key(struct lk_person *person, guint place, const struct column *column)
{
	const char *text = column->text == NULL ? "" : column->text(person);
	gint64 number = column->number == NULL ? 0 : column->number(person);

	return (struct key){.text = collate_key(text),
		.number = number,
		.empty = *text == '\0' && number == 0,
		.name = collate_key(lk_person_name(person)),
		.place = place,
		.person = person};
}

static int compare(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct key *one = a, *other = b;
	const bool *descending = data;

	if (one->empty != other->empty)
		return one->empty ? 1 : -1;
	int order = one->number != other->number ? (one->number < other->number ? -1 : 1) : strcmp(one->text, other->text);
	if (order != 0)
		return *descending ? -order : order;
	order = strcmp(one->name, other->name);
	return order != 0 ? order : one->place < other->place ? -1 : one->place > other->place;
}

void lk_person_sort(GPtrArray *people, const char *name, bool descending)
{
	const struct column *column = find_column(name);
	GArray *keys = g_array_sized_new(FALSE, FALSE, sizeof(struct key), people->len);

	g_array_set_clear_func(keys, clear_key);
	for (guint i = 0; i < people->len; i++) {
		struct key key = make_key(people->pdata[i], i, column);
		g_array_append_val(keys, key);
	}
	g_array_sort_with_data(keys, compare, &descending);
	for (guint i = 0; i < people->len; i++)
		people->pdata[i] = g_array_index(keys, struct key, i).person;
	g_array_unref(keys);
}
