#include "hangul.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* A syllable is U+AC00 + (lead * 21 + vowel) * 28 + tail, where tail 0 is none (The Unicode Standard, section 3.12). */
#define FIRST_SYLLABLE 0xac00
#define VOWELS 21
#define TAILS 28

/* The keys of each letter, in Unicode's order. */
static const char *const leads[] = {
	"r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"};
static const char *const vowels[VOWELS] = {
	"k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m", "ml", "l"};
static const char *const tails[TAILS] = {"", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx",
	"fv", "fg", "a", "q", "qt", "t", "T", "d", "w", "c", "z", "x", "v", "g"};

/* The letter of TABLE with the most keys at the beginning of KEYS; -1 for none. */
static int longest(const char *const *table, size_t count, const char *keys)
{
	int found = -1;
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		size_t own = strlen(table[i]);
		if (own > length && strncmp(table[i], keys, own) == 0) {
			found = (int)i;
			length = own;
		}
	}
	return found;
}

static int vowel_at(const char *keys)
{
	return longest(vowels, G_N_ELEMENTS(vowels), keys);
}

/* The tail at the beginning of KEYS; its last consonant begins the next syllable where a vowel follows. 0 for none. */
static int tail_at(const char *keys)
{
	int tail = longest(tails, G_N_ELEMENTS(tails), keys);
	if (tail <= 0)
		return 0;

	size_t length = strlen(tails[tail]);
	if (vowel_at(keys + length) < 0)
		return tail;
	if (length == 1)
		return 0;
	char first[2] = {keys[0], '\0'};
	return longest(tails, G_N_ELEMENTS(tails), first);
}

/* Appends the syllable at KEYS; the number of its keys, 0 where there is none. */
static size_t append_syllable(GString *text, const char *keys)
{
	int lead = longest(leads, G_N_ELEMENTS(leads), keys);
	if (lead < 0)
		return 0;
	size_t used = strlen(leads[lead]);
	int vowel = vowel_at(keys + used);
	if (vowel < 0)
		return 0;
	used += strlen(vowels[vowel]);
	int tail = tail_at(keys + used);
	g_string_append_unichar(text, (gunichar)(FIRST_SYLLABLE + (lead * VOWELS + vowel) * TAILS + tail));
	return used + strlen(tails[tail]);
}

char *lk_hangul_of_keys(const char *keys)
{
	GString *text = g_string_new(NULL);
	bool complete = *keys != '\0';

	while (*keys != '\0' && complete) {
		size_t used = append_syllable(text, keys);
		complete = used > 0;
		keys += used;
	}
	return g_string_free(text, !complete);
}
