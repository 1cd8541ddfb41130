/* What a person types into the search field, as an LDAP filter (RFC 4515). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Filters that slapd answers from an index (slapo-latchkey(5) lists them). */
enum lk_filter_state {
	LK_FILTER_ALL,
	LK_FILTER_BLOCKED,
	LK_FILTER_TEMPORARY, /* a temporary password or a code is outstanding */
	LK_FILTER_MUST_CHANGE,
	LK_FILTER_FAILED, /* a mail could not be delivered, and nothing has come of it yet */
};

/* The users that TYPED finds by name, user name, mail, employee number, telephone number or department, and that are in STATE.
 * Words stand for themselves: each has to be found, and the last
 * syllable of the last one may lack its final yet. NULL or blank is everybody. Free it with g_free(). */
char *lk_filter_users(const char *typed, enum lk_filter_state state);

/* Whether TYPED is letters of Hangul without any syllable (ㄱㅈㅎ), as people look for names by their initial consonants: that finds
 * nobody. It would take an attribute of initials with an index, which the overlay had to keep up with every change of a name, also one
 * that replication brings; and typing three syllables finds as much as three consonants do. */
bool lk_filter_is_initials(const char *typed);

/* TEXT with what an input method is still composing, PREEDIT or NULL, at POSITION, counted in characters. Free it with g_free(). */
char *lk_filter_typed(const char *text, int position, const char *preedit);

/* A filter for one value: NAME=VALUE, escaped. Free it with g_free(). */
char *lk_filter_equals(const char *name, const char *value);

/* The entries of these UUIDS: COUNT of LK_UUID_SIZE octets, one after the other. Free it with g_free(). */
char *lk_filter_uuids(const unsigned char *uuids, size_t count);
