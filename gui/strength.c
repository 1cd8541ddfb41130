#include "strength.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

/* The first letters of a word, of a row of keys or of a run of digits are most of what it takes to guess it. */
#define SHORTEST_RUN 3

/* Bits of guessing for which a sign, and a sign that only goes on with the ones before it, counts. Fewer than of a random one, since
 * people's are not. */
#define BITS_OF_SIGN 30 /* tenths */
#define BITS_OF_FOLLOWER 10
#define BITS_OF_KIND 40 /* for each kind of sign after the first */
#define BITS_OF_HANGUL 60 /* a syllable has two or three letters */

static const int thresholds[] = {[LK_STRENGTH_FAIR] = 280, [LK_STRENGTH_GOOD] = 420, [LK_STRENGTH_STRONG] = 560};

enum kind { SMALL = 1, CAPITAL = 2, DIGIT = 4, OTHER = 8, HANGUL = 16 };

static enum kind kind_of(gunichar c)
{
	if (g_unichar_isdigit(c))
		return DIGIT;
	if (g_unichar_get_script(c) == G_UNICODE_SCRIPT_HANGUL)
		return HANGUL;
	if (g_unichar_isupper(c))
		return CAPITAL;
	return g_unichar_isalpha(c) ? SMALL : OTHER;
}

/* "aaa", "abc", "321". */
static int follows(gunichar before, gunichar c)
{
	gunichar low = g_unichar_tolower(c), low_before = g_unichar_tolower(before);

	return low == low_before || low == low_before + 1 || low + 1 == low_before;
}

static int bits_of(const char *password, unsigned *ret_kinds)
{
	int bits = 0, run = 0;
	gunichar before = 0;

	for (const char *at = password; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		enum kind kind = kind_of(c);
		run = before != 0 && follows(before, c) ? run + 1 : 0;
		*ret_kinds |= kind;
		if (run + 1 >= SHORTEST_RUN)
			bits += BITS_OF_FOLLOWER;
		else
			bits += kind == HANGUL ? BITS_OF_HANGUL : BITS_OF_SIGN;
		before = c;
	}
	return bits;
}

static gboolean has_name(const char *password, const char *user)
{
	char *low = g_utf8_strdown(password, -1), *low_user = g_utf8_strdown(user, (gssize)strcspn(user, "@"));
	gboolean has = strlen(low_user) >= SHORTEST_RUN && strstr(low, low_user) != NULL;

	sodium_memzero(low, strlen(low));
	g_free(low);
	g_free(low_user);
	return has;
}

enum lk_strength lk_strength_of(const char *password, const char *user)
{
	unsigned kinds = 0;

	if (*password == '\0' || !g_utf8_validate(password, -1, NULL))
		return LK_STRENGTH_NONE;
	int bits = bits_of(password, &kinds);
	for (kinds &= kinds - 1; kinds != 0; kinds &= kinds - 1)
		bits += BITS_OF_KIND;
	if (has_name(password, user))
		bits -= (int)g_utf8_strlen(user, -1) * BITS_OF_SIGN;

	enum lk_strength strength = LK_STRENGTH_WEAK;
	for (enum lk_strength at = LK_STRENGTH_FAIR; at <= LK_STRENGTH_STRONG; at++) {
		if (bits >= thresholds[at])
			strength = at;
	}
	return strength;
}
