/* People for the tests of the app's models. */
#pragma once

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "person.h"

/* Somebody of whom nothing is known but the name. Free it with lk_person_free(). */
static inline struct lk_person *make_person(const char *name)
{
	struct lk_person *person = g_new0(struct lk_person, 1);

	person->account = calloc(1, sizeof *person->account);
	person->account->dn = strdup("uid=somebody");
	person->account->name = strdup(name);
	person->mail = g_strdup("");
	person->department = g_strdup("");
	person->title = g_strdup("");
	person->number = g_strdup("");
	person->phone = g_strdup("");
	person->language = g_strdup("");
	person->addresses = g_new0(char *, 1);
	person->methods = g_new0(char *, 1);
	return person;
}

static inline void free_person(gpointer person)
{
	lk_person_free(person);
}

/* An array for people, who are freed with it. */
static inline GPtrArray *make_array(void)
{
	return g_ptr_array_new_with_free_func(free_person);
}
