#include "filter.h"

#include <glib.h>
#include <string.h>

#include "person.h"
#include "wrong-mode.h"

/* slapd's index of substrings serves two octets at the beginning of a value and four anywhere else. */
#define INDEXED_ANYWHERE 4

#define MOST_WORDS 6

static void append_escaped(GString *filter, const char *value)
{
	for (const char *at = value; *at != '\0'; at++) {
		unsigned char octet = (unsigned char)*at;
		if (strchr("*()\\", octet) != NULL || octet < 0x20)
			g_string_append_printf(filter, "\\%02x", octet);
		else
			g_string_append_c(filter, *at);
	}
}

char *lk_filter_equals(const char *name, const char *value)
{
	GString *filter = g_string_new(NULL);

	g_string_append_printf(filter, "(%s=", name);
	append_escaped(filter, value);
	g_string_append_c(filter, ')');
	return g_string_free(filter, FALSE);
}

static void append_substring(GString *filter, const char *name, const char *word)
{
	g_string_append_printf(filter, "(%s=%s", name, strlen(word) >= INDEXED_ANYWHERE ? "*" : "");
	append_escaped(filter, word);
	g_string_append(filter, "*)");
}

static void append_names(GString *filter, const char *word)
{
	static const char *const names[] = {"cn", "displayName", "givenName", "sn"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		append_substring(filter, names[i], word);
}

static void append_word(GString *filter, const char *word)
{
	static const char *const others[] = {"uid", "mail", "departmentNumber", "ou"};
	static const char *const numbers[] = {"employeeNumber", "telephoneNumber"};
	char *meant = lk_hangul_of_keys(word);

	g_string_append(filter, "(|");
	append_names(filter, word);
	if (meant != NULL)
		append_names(filter, meant);
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		append_substring(filter, others[i], word);
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		char *equals = lk_filter_equals(numbers[i], word);
		g_string_append(filter, equals);
		g_free(equals);
	}
	g_string_append_c(filter, ')');
	g_free(meant);
}

char *lk_filter_users(const char *typed, enum lk_filter_state state)
{
	static const char *const states[] = {
		[LK_FILTER_ALL] = "",
		[LK_FILTER_BLOCKED] = "(latchkeyBlocked=*)",
		[LK_FILTER_TEMPORARY] = "(latchkeyTemporaryUntil=*)",
		[LK_FILTER_MUST_CHANGE] = "(pwdReset=TRUE)",
		[LK_FILTER_FAILED] = "(latchkeyFailedMessage=*)",
	};
	GString *filter = g_string_new("(&(|(objectClass=person)(objectClass=posixAccount))");
	char *composed = g_utf8_normalize(typed == NULL ? "" : typed, -1, G_NORMALIZE_NFC);
	char **words = g_strsplit_set(composed == NULL ? "" : composed, " \t", -1);

	g_string_append(filter, states[state]);
	for (size_t i = 0, taken = 0; words[i] != NULL && taken < MOST_WORDS; i++) {
		if (*words[i] == '\0')
			continue;
		append_word(filter, words[i]);
		taken++;
	}
	g_string_append_c(filter, ')');
	g_strfreev(words);
	g_free(composed);
	return g_string_free(filter, FALSE);
}

static void append_uuid(GString *filter, const unsigned char *uuid)
{
	for (size_t i = 0; i < LK_UUID_SIZE; i++) {
		bool begins = i == 4 || i == 6 || i == 8 || i == 10;
		g_string_append_printf(filter, begins ? "-%02x" : "%02x", uuid[i]);
	}
}

char *lk_filter_uuids(const unsigned char *uuids, size_t count)
{
	GString *filter = g_string_new("(|");

	for (size_t i = 0; i < count; i++) {
		g_string_append(filter, "(entryUUID=");
		append_uuid(filter, uuids + i * LK_UUID_SIZE);
		g_string_append_c(filter, ')');
	}
	g_string_append_c(filter, ')');
	return g_string_free(filter, FALSE);
}
