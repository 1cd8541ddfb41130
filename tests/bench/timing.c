/* What a stranger with a clock sees. In each round one request is sent about somebody of each kind, the kinds in an
 * order that is drawn anew; then the suffix is read, once on the same connection and once on another, in an order that
 * is drawn too.
 *
 *   bench-timing PORT REQUEST ROUNDS PER-SECOND EXPECTED SUFFIX BASE <LINES
 *
 * LINES are "kind<TAB>name": the names of a kind are used in turn. EXPECTED is the result code of every answer.
 * Requests of the kind "throttled" come from one address that has used up what a client may do. The others come from as
 * many addresses as it needs for none of them to do so. Which connection asks next is drawn. Prints for each trial
 *
 *   kind  request  same connection  other connection
 *
 * separated by tabs, in nanoseconds. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "requests.h"

#define KINDS_MAX 16
#define CONNECTIONS 96
#define THROTTLED_CONNECTIONS 16 /* so that each of both sorts is asked about as often */
#define FILL 2000 /* more requests than an address has */

struct kind {
	char label[BENCH_NAME_SIZE];
	char (*names)[BENCH_NAME_SIZE];
	size_t count, next;
};

struct timing {
	struct kind kinds[KINDS_MAX];
	size_t kinds_count;
	bench_request *request, *next;
	int expected;
	long interval; /* nanoseconds between trials, at least */
	struct bench_directory directory;
	struct client connections[CONNECTIONS];
	struct client throttled[THROTTLED_CONNECTIONS];
	uint64_t draw; /* xorshift64 */
};

static uint64_t draw(struct timing *timing, uint64_t bound)
{
	timing->draw ^= timing->draw << 13;
	timing->draw ^= timing->draw >> 7;
	timing->draw ^= timing->draw << 17;
	return timing->draw % bound;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static size_t find_kind(const struct timing *timing, const char *label)
{
	size_t i = 0;

	while (i < timing->kinds_count && strcmp(timing->kinds[i].label, label) != 0)
		i++;
	return i;
}

static bool has_kind(const struct timing *timing, const char *label)
{
	return find_kind(timing, label) < timing->kinds_count;
}

static struct kind *kind_of(struct timing *timing, const char *label)
{
	size_t i = find_kind(timing, label);

	if (i == KINDS_MAX)
		client_fail("too many kinds");
	if (i == timing->kinds_count) {
		strcpy(timing->kinds[i].label, label);
		timing->kinds_count++;
	}
	return &timing->kinds[i];
}

static void read_names(struct timing *timing)
{
	char label[BENCH_NAME_SIZE], name[BENCH_NAME_SIZE];

	while (scanf("%31[^\t]\t%31[^\n]\n", label, name) == 2) {
		struct kind *kind = kind_of(timing, label);

		kind->names = realloc(kind->names, (kind->count + 1) * sizeof *kind->names);
		if (!kind->names)
			client_fail("memory");
		strcpy(kind->names[kind->count++], name);
	}
}

/* How long CLIENT waits for the answer to REQUEST about NAME. */
static int64_t time_of(
	struct timing *timing, struct client *client, bench_request *request, const char *name, int expected)
{
	BerElement *ber = request(client, &timing->directory, name);
	int64_t began = now();
	int result = client_ask(client, ber);
	int64_t ended = now();

	if (result != expected) {
		fprintf(stderr, "%s was answered with %d\n", name, result);
		exit(1);
	}
	return ended - began;
}

static struct client *draw_client(struct timing *timing, const struct kind *kind)
{
	if (!strcmp(kind->label, "throttled"))
		return &timing->throttled[draw(timing, THROTTLED_CONNECTIONS)];
	return &timing->connections[draw(timing, CONNECTIONS)];
}

static void try_kind(struct timing *timing, struct kind *kind)
{
	const char *name = kind->names[kind->next++ % kind->count];
	struct client *client = draw_client(timing, kind), *other;
	int64_t asked, next[2];
	uint64_t order = draw(timing, 2);

	do
		other = &timing->connections[draw(timing, CONNECTIONS)];
	while (other == client);
	asked = time_of(timing, client, timing->request, name, timing->expected);
	for (uint64_t i = 0; i < 2; i++)
		next[i ^ order] = time_of(timing, i ^ order ? other : client, timing->next, name, 0);
	printf("%s\t%ld\t%ld\t%ld\n", kind->label, (long)asked, (long)next[0], (long)next[1]);
}

static void use_up_share(struct timing *timing)
{
	char name[BENCH_NAME_SIZE];

	for (unsigned i = 0; i < FILL; i++) {
		snprintf(name, sizeof name, "filler%u", i);
		time_of(timing, &timing->throttled[i % THROTTLED_CONNECTIONS], timing->request, name, timing->expected);
	}
}

static void shuffle(struct timing *timing, size_t *order)
{
	for (size_t i = 0; i < timing->kinds_count; i++) {
		size_t other = draw(timing, i + 1);

		order[i] = order[other];
		order[other] = i;
	}
}

static void wait_until(int64_t when)
{
	struct timespec time = {.tv_sec = when / 1000000000, .tv_nsec = when % 1000000000};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void run(struct timing *timing, unsigned rounds)
{
	size_t order[KINDS_MAX] = {0};

	if (has_kind(timing, "throttled"))
		use_up_share(timing);
	for (unsigned round = 0; round < rounds; round++) {
		shuffle(timing, order);
		for (size_t i = 0; i < timing->kinds_count; i++) {
			int64_t began = now();

			try_kind(timing, &timing->kinds[order[i]]);
			wait_until(began + timing->interval);
		}
	}
}

int main(int argc, char **argv)
{
	static struct timing timing = {.draw = 0x9e3779b97f4a7c15u};

	if (argc != 8 || !(timing.request = bench_request_named(argv[2]))) {
		fputs("bench-timing PORT REQUEST ROUNDS PER-SECOND EXPECTED SUFFIX BASE <LINES\n", stderr);
		return 2;
	}
	timing.next = bench_request_named("base");
	timing.interval = 1000000000L / atol(argv[4]);
	timing.expected = atoi(argv[5]);
	timing.directory = (struct bench_directory){argv[6], argv[7], ""};
	read_names(&timing);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		client_open(&timing.connections[i], argv[1], i + 1);
	for (unsigned i = 0; i < THROTTLED_CONNECTIONS; i++)
		client_open(&timing.throttled[i], argv[1], CONNECTIONS + 1);
	run(&timing, (unsigned)atoi(argv[3]));
	return 0;
}
