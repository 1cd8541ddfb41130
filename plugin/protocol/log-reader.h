/* Reads slapd's log as it comes, octet by octet and in bounded memory: what slapd writes itself, syslog files, and what
 * `journalctl` prints, its export format (-o export) included. Knows no file and no directory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "log-line.h"

#define LK_LOG_LINE_MAX 8192 /* octets; slapd writes lines of 4096 at most, and others put a stamp before */

/* Called for each line of Latchkey's. */
typedef void lk_log_seen(void *context, const struct lk_log_line *line);

/* Zeroed but for SEEN, CONTEXT and NOW, which is as in lk_log_line_parse(). */
struct lk_log_reader {
	lk_log_seen *seen;
	void *context;
	time_t now;

	uint64_t lines, ours, damaged; /* all; Latchkey's, the damaged ones too; those alone */

	char line[LK_LOG_LINE_MAX];
	size_t length; /* may be beyond the end of line: then it is too long */
	bool began, export; /* whether a line has been read; whether they are the journal's fields */
	unsigned size_octets; /* octets of a size still to come */
	uint64_t size, skip; /* of a field that is no text; octets of it still to come */
	time_t entry_time; /* of the journal's entry */
};

void lk_log_reader_feed(struct lk_log_reader *reader, const char *octets, size_t count);
/* The end of a file: its last line need not have an end, and another file may be fed then. */
void lk_log_reader_end(struct lk_log_reader *reader);
