/* A line of slapd's log. Clients choose much of what stands in it. */
#include "fuzz.h"

#include <string.h>

#include "log-line.h"

#define NOW 1795320000

static bool lies_within(const struct berval *part, const struct berval *line)
{
	return part->bv_val == NULL ||
		   (part->bv_val >= line->bv_val && part->bv_val + part->bv_len <= line->bv_val + line->bv_len);
}

static void require_within(const struct lk_log_line *line, const struct berval *whole)
{
	const struct berval *parts[] = {&line->event, &line->verdict, &line->rule, &line->changes, &line->actor,
		&line->target, &line->policy, &line->client};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		FUZZ_REQUIRE(lies_within(parts[i], whole));
}

/* Whatever it is, quoted it is one field of one line, and comes back as it was, or cut. */
static void require_one_field(const uint8_t *data, size_t size)
{
	static const char before[] = "conn=1 op=2 latchkey event=x verdict=y actor=";
	char text[sizeof(before) + LK_LOG_QUOTED_MAX + sizeof(" rule=z")];
	struct berval value = {size, (char *)data}, whole = {0, text};
	struct lk_log_line line;
	bool ours;

	memcpy(text, before, sizeof(before) - 1);
	whole.bv_len = sizeof(before) - 1 + lk_log_quote(&value, text + sizeof(before) - 1);
	memcpy(text + whole.bv_len, " rule=z", sizeof(" rule=z"));
	whole.bv_len += sizeof(" rule=z") - 1;
	FUZZ_REQUIRE(memchr(text, '\n', whole.bv_len) == NULL);
	FUZZ_REQUIRE(lk_log_message_parse(&whole, &ours, &line) == LK_OK && ours);
	FUZZ_REQUIRE(line.rule.bv_len == 1);
	FUZZ_REQUIRE(line.actor.bv_len <= size || size < 3 || line.actor.bv_len <= LK_LOG_QUOTED_MAX);
	if (line.actor.bv_len == size)
		FUZZ_REQUIRE(size == 0 || line.actor.bv_len > 90 || memcmp(line.actor.bv_val, data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval whole = fuzz_place(data, size);
	struct lk_log_line line;
	bool ours;

	if (lk_log_line_parse(&whole, NOW, &ours, &line) == LK_OK && ours)
		require_within(&line, &whole);
	require_one_field(data, size);
	return 0;
}
