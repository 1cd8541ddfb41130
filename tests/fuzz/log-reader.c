/* A log, as it is read for the report: what is seen is the same however its octets come. */
#include "fuzz.h"

#include <string.h>

#include "log-reader.h"

struct seen {
	uint64_t lines;
	uint64_t sum; /* of all that was seen */
};

static void add(struct seen *seen, const struct berval *value)
{
	for (size_t i = 0; i < value->bv_len; i++)
		seen->sum = seen->sum * 31 + (unsigned char)value->bv_val[i];
}

static void see(void *context, const struct lk_log_line *line)
{
	struct seen *seen = context;

	seen->lines++;
	seen->sum += (uint64_t)line->time + (uint64_t)line->result;
	add(seen, &line->actor);
	add(seen, &line->target);
	add(seen, &line->rule);
}

static struct seen read_in_pieces(const struct berval *octets, size_t piece)
{
	static struct lk_log_reader reader;
	struct seen seen = {0};

	memset(&reader, 0, sizeof(reader));
	reader.seen = see;
	reader.context = &seen;
	reader.now = 1795320000;
	for (size_t at = 0; at < octets->bv_len; at += piece)
		lk_log_reader_feed(&reader, octets->bv_val + at, octets->bv_len - at < piece ? octets->bv_len - at : piece);
	lk_log_reader_end(&reader);
	FUZZ_REQUIRE(reader.ours == seen.lines + reader.damaged && reader.lines >= reader.ours);
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct berval octets = fuzz_place(data, size);
	struct seen at_once = read_in_pieces(&octets, size + 1), one_by_one = read_in_pieces(&octets, 1);

	FUZZ_REQUIRE(at_once.lines == one_by_one.lines && at_once.sum == one_by_one.sum);
	return 0;
}
