/* What was done to whom, in the whole directory: events as the trails on entries have them. Pure but for the
 * translation. */
#pragma once

#include <glib.h>

#include "person.h"

/* The trail of an entry forgets older events. */
#define LK_TRAIL_DAYS 90

#define LK_TRAIL_DAY_TEXT 9 /* YYYYMMDD and its end */

/* Finds entries whose first event a message tells of that is still under way: they have no day yet. */
#define LK_TRAIL_WITHOUT_DAY "(&(latchkeyDue=*)(latchkeyEvent=*)(!(latchkeyEventDay=*)))"
/* Writes the day of WHEN, in UTC, as latchkeyEventDay has it. */
void lk_trail_day(time_t when, char ret_text[LK_TRAIL_DAY_TEXT]);

/* The beginning of that day. */
time_t lk_trail_day_begin(time_t when);

/* The filter for the entries of which the newest event is of the day of WHEN. Free it with g_free(). */
char *lk_trail_filter(time_t when);

/* The names of the kinds of events (account-words.h says them), ended by NULL. */
extern const char *const lk_trail_kinds[];

/* The attributes of an entry to read for its events; ended by NULL. */
extern const char *const lk_trail_attributes[];

struct lk_trail_wish {
	time_t since;
	const char *kind; /* NULL: any */
	const char
		*typed; /* part of the name, user name or DN of who did it, or to whom it was done; NULL or blank: anybody */
};

/* Whether EVENT, of PERSON's, is wished for. */
bool lk_trail_fits(
	const struct lk_trail_wish *wish, const struct lk_person *person, const struct lk_account_event *event);

/* What EVENT is, and whose, in one line. Free it with g_free(). */
char *lk_trail_title(const struct lk_person *person, const struct lk_account_event *event);

/* The titles of a table of events (csv.h), and a row. */
void lk_trail_append_titles(GString *table);
void lk_trail_append(GString *table, const struct lk_person *person, const struct lk_account_event *event);
