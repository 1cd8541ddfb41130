/* The order that people stand in where a list of them is sorted. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "person.h"

/* Sorts PEOPLE (of struct lk_person) by what a column shows (user.h: "name", "state", ...), and by name where that is the same.
 * Texts are in the order of the reader's language, states and roles in that of their weight, and times the newest last; who has nothing there
 * comes last in either direction. Those who are alike stay as they are. A name that is no column's is "name". */
void lk_person_sort(GPtrArray *people, const char *column, bool descending);
