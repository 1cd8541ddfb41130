#include "wrong-mode.h"

#include <glib.h>
#include <stdbool.h>

#include "hangul.h"

char *lk_hangul_of_keys(const char *keys)
{
	GString *text = g_string_new(NULL);
	bool complete = *keys != '\0';

	while (*keys != '\0' && complete) {
		uint32_t syllable;
		size_t used = lk_hangul_syllable(keys, &syllable);
		complete = used > 0;
		if (complete)
			g_string_append_unichar(text, syllable);
		keys += used;
	}
	return g_string_free(text, !complete);
}
