#include "log-reader.h"

#include <string.h>

#include "error.h"

static const char message_field[] = "MESSAGE=", time_field[] = "__REALTIME_TIMESTAMP=", first_field[] = "__CURSOR=";

static bool begins_with(const struct berval *text, const char *prefix, size_t length)
{
	return text->bv_len >= length && memcmp(text->bv_val, prefix, length) == 0;
}

static void read_line(struct lk_log_reader *reader, struct berval text)
{
	struct lk_log_line line;
	bool ours;
	int status = lk_log_line_parse(&text, reader->now, &ours, &line);

	if (!ours)
		return;
	reader->ours++;
	if (status != LK_OK) {
		reader->damaged++;
		return;
	}
	if (line.time == 0)
		line.time = reader->entry_time;
	reader->seen(reader->context, &line);
}

/* Microseconds since 1970. */
static time_t read_entry_time(const struct berval *digits)
{
	uint64_t when = 0;

	for (size_t i = 0; i < digits->bv_len; i++) {
		if (digits->bv_val[i] < '0' || digits->bv_val[i] > '9' || when > UINT64_MAX / 10 - 10)
			return 0;
		when = when * 10 + (uint64_t)(digits->bv_val[i] - '0');
	}
	return (time_t)(when / 1000000);
}

static struct berval after(const struct berval *text, size_t length)
{
	return (struct berval){text->bv_len - length, text->bv_val + length};
}

/* systemd.journal-export: "NAME=text", or where that has octets that are no text, "NAME", then its size in eight
 * octets, the least first, then itself. Latchkey's messages are text always. */
static void read_field(struct lk_log_reader *reader, struct berval field)
{
	if (field.bv_len == 0) {
		reader->entry_time = 0;
	} else if (begins_with(&field, message_field, sizeof(message_field) - 1)) {
		read_line(reader, after(&field, sizeof(message_field) - 1));
	} else if (begins_with(&field, time_field, sizeof(time_field) - 1)) {
		struct berval digits = after(&field, sizeof(time_field) - 1);

		reader->entry_time = read_entry_time(&digits);
	} else if (memchr(field.bv_val, '=', field.bv_len) == NULL) {
		reader->size_octets = 8;
		reader->size = 0;
	}
}

/* A line that is too long is none of slapd's, but may be a field of the journal's. */
static void end_line(struct lk_log_reader *reader)
{
	struct berval text = {reader->length, reader->line};
	bool whole = reader->length <= sizeof(reader->line);

	reader->length = 0;
	reader->lines++;
	if (!reader->began)
		reader->export = whole && begins_with(&text, first_field, sizeof(first_field) - 1);
	reader->began = true;
	if (!whole)
		return;
	if (text.bv_len > 0 && text.bv_val[text.bv_len - 1] == '\r')
		text.bv_len--;
	if (reader->export)
		read_field(reader, text);
	else
		read_line(reader, text);
}

static void take_size_octet(struct lk_log_reader *reader, unsigned char octet)
{
	reader->size |= (uint64_t)octet << 8 * (8 - reader->size_octets);
	if (--reader->size_octets == 0)
		reader->skip = reader->size < UINT64_MAX ? reader->size + 1 : reader->size; /* and the line's end */
}

/* Takes the octets up to the end of a line, and it; returns how many. */
static size_t take_text(struct lk_log_reader *reader, const char *octets, size_t count)
{
	const char *end = memchr(octets, '\n', count);
	size_t length = end == NULL ? count : (size_t)(end - octets);
	size_t room = reader->length < sizeof(reader->line) ? sizeof(reader->line) - reader->length : 0;

	if (length > 0 && room > 0)
		memcpy(reader->line + reader->length, octets, length < room ? length : room);
	reader->length = length > room ? sizeof(reader->line) + 1 : reader->length + length;
	if (end != NULL)
		end_line(reader);
	return length + (end != NULL);
}

void lk_log_reader_feed(struct lk_log_reader *reader, const char *octets, size_t count)
{
	size_t i = 0;

	while (i < count) {
		if (reader->size_octets > 0) {
			take_size_octet(reader, (unsigned char)octets[i++]);
		} else if (reader->skip > 0) {
			size_t left = count - i, skipped = reader->skip < left ? (size_t)reader->skip : left;

			reader->skip -= skipped;
			i += skipped;
		} else {
			i += take_text(reader, octets + i, count - i);
		}
	}
}

void lk_log_reader_end(struct lk_log_reader *reader)
{
	if (reader->length > 0)
		end_line(reader);
	reader->began = false;
	reader->size_octets = 0;
	reader->skip = 0;
	reader->entry_time = 0;
}
