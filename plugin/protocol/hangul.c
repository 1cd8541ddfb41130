/* The keys behind Hangul, and the Hangul behind keys. */
#include "hangul.h"

#include <stddef.h>
#include <string.h>

#define SYLLABLES 0xac00
#define COMPATIBILITY 0x3131
#define LEADING 0x1100
#define VOWELS 0x1161
#define TRAILING 0x11a8

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* In the order of Unicode, in which also the syllables are composed. Two keys make what no single one has. */
static const char *const leading[] = {
	"r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"};
static const char *const vowels[] = {
	"k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m", "ml", "l"};
static const char *const trailing[] = {"r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv",
	"fg", "a", "q", "qt", "t", "T", "d", "w", "c", "z", "x", "v", "g"};
static const char *const consonants[] = {"r", "R", "rt", "s", "sw", "sg", "e", "E", "f", "fr", "fa", "fq", "ft", "fx",
	"fv", "fg", "a", "q", "Q", "qt", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"};

#define SYLLABLE_COUNT (COUNT(leading) * COUNT(vowels) * (COUNT(trailing) + 1))

static void append(char *keys, const char *more)
{
	memcpy(keys + strlen(keys), more, strlen(more) + 1);
}

static void syllable_keys(uint32_t index, char *ret_keys)
{
	uint32_t finals = COUNT(trailing) + 1, final = index % finals;

	append(ret_keys, leading[index / finals / COUNT(vowels)]);
	append(ret_keys, vowels[index / finals % COUNT(vowels)]);
	if (final > 0)
		append(ret_keys, trailing[final - 1]);
}

bool lk_hangul_is_lone(uint32_t character)
{
	return character >= COMPATIBILITY && character < COMPATIBILITY + COUNT(consonants) + COUNT(vowels);
}

/* The keys of what is a single letter, or NULL. */
static const char *letter_keys(uint32_t character)
{
	static const struct {
		uint32_t first;
		size_t count;
		const char *const *keys;
	} blocks[] = {
		{COMPATIBILITY, COUNT(consonants), consonants},
		{COMPATIBILITY + COUNT(consonants), COUNT(vowels), vowels},
		{LEADING, COUNT(leading), leading},
		{VOWELS, COUNT(vowels), vowels},
		{TRAILING, COUNT(trailing), trailing},
	};

	for (size_t i = 0; i < COUNT(blocks); i++)
		if (character >= blocks[i].first && character - blocks[i].first < blocks[i].count)
			return blocks[i].keys[character - blocks[i].first];
	return NULL;
}

bool lk_hangul_keys(uint32_t character, char ret_keys[LK_HANGUL_KEYS_MOST + 1])
{
	const char *letter = letter_keys(character);
	bool syllable = character >= SYLLABLES && character - SYLLABLES < SYLLABLE_COUNT;

	if (letter == NULL && !syllable)
		return false;
	ret_keys[0] = '\0';
	if (letter != NULL)
		append(ret_keys, letter);
	else
		syllable_keys(character - SYLLABLES, ret_keys);
	return true;
}

/* The letter of TABLE with the most keys at the beginning of KEYS; COUNT for none. */
static size_t longest(const char *const *table, size_t count, const char *keys)
{
	size_t found = count, length = 0;

	for (size_t i = 0; i < count; i++) {
		size_t own = strlen(table[i]);
		if (own > length && strncmp(table[i], keys, own) == 0) {
			found = i;
			length = own;
		}
	}
	return found;
}

static size_t vowel_at(const char *keys)
{
	return longest(vowels, COUNT(vowels), keys);
}

/* The final consonant at the beginning of KEYS; its last part begins the next syllable where a vowel follows. */
static size_t final_at(const char *keys)
{
	size_t final = longest(trailing, COUNT(trailing), keys);
	if (final == COUNT(trailing))
		return final;

	size_t length = strlen(trailing[final]);
	if (vowel_at(keys + length) == COUNT(vowels))
		return final;
	if (length == 1)
		return COUNT(trailing);
	char first[2] = {keys[0], '\0'};
	return longest(trailing, COUNT(trailing), first);
}

size_t lk_hangul_syllable(const char *keys, uint32_t *ret_character)
{
	size_t lead = longest(leading, COUNT(leading), keys), vowel, final, used;

	if (lead == COUNT(leading))
		return 0;
	used = strlen(leading[lead]);
	vowel = vowel_at(keys + used);
	if (vowel == COUNT(vowels))
		return 0;
	used += strlen(vowels[vowel]);
	final = final_at(keys + used);
	*ret_character = (uint32_t)(SYLLABLES + (lead * COUNT(vowels) + vowel) * (COUNT(trailing) + 1));
	if (final == COUNT(trailing))
		return used;
	*ret_character += (uint32_t) final + 1;
	return used + strlen(trailing[final]);
}
