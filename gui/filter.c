#include "filter.h"

#include <glib.h>
#include <ldap.h>
#include <string.h>

#include "hangul.h"
#include "person.h"
#include "wrong-mode.h"

/* slapd's index of substrings serves two octets at the beginning of a value and four anywhere else. */
#define INDEXED_ANYWHERE 4

#define MOST_WORDS 6

/* libldap escapes whatever is not plain ASCII; the octets that are sent are VALUE's. */
static void append_escaped(GString *filter, const char *value)
{
	struct berval raw = {.bv_val = (char *)value, .bv_len = strlen(value)}, escaped;

	if (ldap_bv2escaped_filter_value(&raw, &escaped) == 0 && escaped.bv_val != NULL)
		g_string_append_len(filter, escaped.bv_val, (gssize)escaped.bv_len);
	ldap_memfree(escaped.bv_val);
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

static const char *const names[] = {"cn", "displayName", "givenName", "sn"};

static void append_names(GString *filter, const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		append_substring(filter, names[i], word);
}

/* The block of Hangul syllables (The Unicode Standard, section 3.12): for each pair of a consonant and a vowel the
 * syllable without a final, and then one for each final. */
#define SYLLABLES_FIRST 0xAC00u
#define SYLLABLES_LAST 0xD7A3u
#define FINALS 28u

static bool is_open_syllable(gunichar character)
{
	return character >= SYLLABLES_FIRST && character <= SYLLABLES_LAST && (character - SYLLABLES_FIRST) % FINALS == 0;
}

/* WORD, of which the last syllable may still get its final: 저 stands for 적 to 젛 as well. That is 28 alternatives a
 * name, each a few lookups in the index, and for one word of a search. */
static void append_unfinished(GString *filter, const char *word)
{
	const char *last = g_utf8_find_prev_char(word, word + strlen(word));
	gunichar open = last == NULL ? 0 : g_utf8_get_char(last);

	for (guint final = 0; final < FINALS && is_open_syllable(open); final++) {
		GString *meant = g_string_new_len(word, last - word);
		g_string_append_unichar(meant, open + final);
		append_names(filter, meant->str);
		g_string_free(meant, TRUE);
	}
}

/* The keys behind WORD where it has Hangul: a user name typed in the wrong mode. NULL where it has none, or anything
 * else. */
static char *keys_of(const char *word)
{
	GString *keys = g_string_new(NULL);
	bool hangul = *word != '\0';

	for (; *word != '\0' && hangul; word = g_utf8_next_char(word)) {
		char pressed[LK_HANGUL_KEYS_MOST + 1];
		hangul = lk_hangul_keys(g_utf8_get_char(word), pressed);
		if (hangul)
			g_string_append(keys, pressed);
	}
	return g_string_free(keys, !hangul);
}

static void append_name_words(GString *filter, const char *word, bool unfinished)
{
	char *meant = lk_hangul_of_keys(word);
	const char *syllables = meant == NULL ? word : meant;

	append_names(filter, word);
	if (meant != NULL)
		append_names(filter, meant);
	if (unfinished)
		append_unfinished(filter, syllables);
	g_free(meant);
}

static void append_word(GString *filter, const char *word, bool unfinished)
{
	static const char *const others[] = {"uid", "mail", "departmentNumber", "ou"};
	static const char *const numbers[] = {"employeeNumber", "telephoneNumber"};
	char *keys = keys_of(word);

	g_string_append(filter, "(|");
	append_name_words(filter, word, unfinished);
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		append_substring(filter, others[i], word);
	if (keys != NULL)
		append_substring(filter, "uid", keys);
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		char *equals = lk_filter_equals(numbers[i], word);
		g_string_append(filter, equals);
		g_free(equals);
	}
	g_string_append_c(filter, ')');
	g_free(keys);
}

/* A syllable begins with a consonant; a vowel alone was meant for another mode of the keyboard. */
#define CONSONANTS_LAST 0x314Eu

/* Ends WORD, the last one, before a letter of which no syllable has come yet: 김ㅈ is 김, and ㅈ alone nothing. Several
 * letters are no beginning of a syllable, and stay. */
static void end_before_letter(char *word)
{
	char *last = g_utf8_find_prev_char(word, word + strlen(word));
	gunichar letter = last == NULL ? 0 : g_utf8_get_char(last);

	if (!lk_hangul_is_lone(letter) || letter > CONSONANTS_LAST)
		return;
	char *before = g_utf8_find_prev_char(word, last);
	if (before == NULL || !lk_hangul_is_lone(g_utf8_get_char(before)))
		*last = '\0';
}

/* The words of TYPED, composed; the last one may be "". Free them with g_strfreev(). */
static char **split_words(const char *typed)
{
	char *composed = g_utf8_normalize(typed == NULL ? "" : typed, -1, G_NORMALIZE_NFC);
	char **words = g_strsplit_set(composed == NULL ? "" : composed, " \t", -1);
	guint count = g_strv_length(words);

	if (count > 0)
		end_before_letter(words[count - 1]);
	g_free(composed);
	return words;
}

bool lk_filter_is_initials(const char *typed)
{
	bool letters = false;

	for (; typed != NULL && *typed != '\0'; typed = g_utf8_next_char(typed)) {
		gunichar character = g_utf8_get_char(typed);
		if (g_unichar_isspace(character))
			continue;
		if (!lk_hangul_is_lone(character))
			return false;
		letters = true;
	}
	return letters;
}

char *lk_filter_typed(const char *text, int position, const char *preedit)
{
	GString *typed = g_string_new(text);

	if (preedit != NULL)
		g_string_insert(typed, g_utf8_offset_to_pointer(typed->str, position) - typed->str, preedit);
	return g_string_free(typed, FALSE);
}

char *lk_filter_users(const char *typed, enum lk_filter_state state)
{
	static const char *const states[] = {
		[LK_FILTER_ALL] = "",
		[LK_FILTER_BLOCKED] = "(latchkeyBlocked=*)",
		[LK_FILTER_TEMPORARY] = "(latchkeyDue=*)(latchkeyTemporaryUntil=*)", /* the first is indexed */
		[LK_FILTER_MUST_CHANGE] = "(pwdReset=TRUE)",
		[LK_FILTER_FAILED] = "(latchkeyFailedMessage=*)",
	};
	GString *filter = g_string_new("(&(|(objectClass=person)(objectClass=posixAccount))");
	char **words = split_words(typed);

	g_string_append(filter, states[state]);
	for (size_t i = 0, taken = 0; words[i] != NULL && taken < MOST_WORDS; i++) {
		if (*words[i] == '\0')
			continue;
		append_word(filter, words[i], words[i + 1] == NULL);
		taken++;
	}
	g_string_append_c(filter, ')');
	g_strfreev(words);
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
