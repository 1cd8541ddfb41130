/* What a stranger with a clock sees. In each round one request is sent about somebody of each kind, the kinds in an
 * order that is drawn anew; then the suffix is read, once on the same connection and once on another, in an order that
 * is drawn too.
 *
 *   bench-timing PORT REQUEST ROUNDS LANES PER-SECOND EXPECTED SUFFIX BASE <LINES
 *
 * LINES are "kind<TAB>name": the names of a kind are used in turn. EXPECTED is the result code of every answer.
 * Requests of the kind "throttled" come from one address that has used up what a client may do. The others come from as
 * many addresses as it needs for none of them to do so. Which connection asks next is drawn. Where the server lets each answer
 * wait, several LANES ask at once, each with connections, names and orders of its own: they are few enough for it to be idle
 * most of the time, and of which kinds two meet is chance. Prints for each trial
 *
 *   kind  request  same connection  other connection
 *
 * separated by tabs, in nanoseconds. */
#include <pthread.h>
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
#define LANES_MAX 8
#define FILL 2000 /* more requests than an address has */

struct kind {
	char label[BENCH_NAME_SIZE];
	char (*names)[BENCH_NAME_SIZE];
	size_t count;
};

struct timing {
	struct kind kinds[KINDS_MAX];
	size_t kinds_count;
	bench_request *request, *next;
	int expected;
	long interval; /* nanoseconds between trials of a lane, at least */
	unsigned rounds, lanes;
	struct bench_directory directory;
	struct client connections[CONNECTIONS];
	struct client throttled[THROTTLED_CONNECTIONS];
};

struct trial {
	size_t kind;
	int64_t asked, next[2];
};

/* A part of the connections, and the next name of each kind. */
struct lane {
	struct timing *timing;
	pthread_t thread;
	struct client *connections, *throttled;
	size_t next[KINDS_MAX];
	uint64_t draw; /* xorshift64 */
	struct trial *trials;
	size_t count;
};

static uint64_t draw(struct lane *lane, uint64_t bound)
{
	lane->draw ^= lane->draw << 13;
	lane->draw ^= lane->draw >> 7;
	lane->draw ^= lane->draw << 17;
	return lane->draw % bound;
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
	const struct timing *timing, struct client *client, bench_request *request, const char *name, int expected)
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

static struct client *draw_client(struct lane *lane, const struct kind *kind)
{
	if (!strcmp(kind->label, "throttled"))
		return &lane->throttled[draw(lane, THROTTLED_CONNECTIONS / lane->timing->lanes)];
	return &lane->connections[draw(lane, CONNECTIONS / lane->timing->lanes)];
}

static void try_kind(struct lane *lane, size_t which)
{
	const struct timing *timing = lane->timing;
	const struct kind *kind = &timing->kinds[which];
	const char *name = kind->names[lane->next[which]++ % kind->count];
	struct client *client = draw_client(lane, kind), *other;
	struct trial *trial = &lane->trials[lane->count++];
	uint64_t order = draw(lane, 2);

	do
		other = &lane->connections[draw(lane, CONNECTIONS / timing->lanes)];
	while (other == client);
	trial->kind = which;
	trial->asked = time_of(timing, client, timing->request, name, timing->expected);
	for (uint64_t i = 0; i < 2; i++)
		trial->next[i ^ order] = time_of(timing, i ^ order ? other : client, timing->next, name, 0);
}

static void use_up_share(struct timing *timing)
{
	char name[BENCH_NAME_SIZE];

	for (unsigned i = 0; i < FILL; i++) {
		snprintf(name, sizeof name, "filler%u", i);
		time_of(timing, &timing->throttled[i % THROTTLED_CONNECTIONS], timing->request, name, timing->expected);
	}
}

static void shuffle(struct lane *lane, size_t *order)
{
	for (size_t i = 0; i < lane->timing->kinds_count; i++) {
		size_t other = draw(lane, i + 1);

		order[i] = order[other];
		order[other] = i;
	}
}

static void wait_until(int64_t when)
{
	struct timespec time = {.tv_sec = when / 1000000000, .tv_nsec = when % 1000000000};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void *ask(void *context)
{
	struct lane *lane = context;
	const struct timing *timing = lane->timing;
	size_t order[KINDS_MAX] = {0};

	for (unsigned round = 0; round < timing->rounds / timing->lanes; round++) {
		shuffle(lane, order);
		for (size_t i = 0; i < timing->kinds_count; i++) {
			int64_t began = now();

			try_kind(lane, order[i]);
			wait_until(began + timing->interval);
		}
	}
	return NULL;
}

/* No two lanes ever ask about one name at once: each begins at another, and all go on alike. */
static void begin(struct lane *lane, struct timing *timing, unsigned number)
{
	lane->timing = timing;
	lane->connections = timing->connections + number * (CONNECTIONS / timing->lanes);
	lane->throttled = timing->throttled + number * (THROTTLED_CONNECTIONS / timing->lanes);
	lane->draw = UINT64_C(0x9e3779b97f4a7c15) * (number + 1);
	lane->trials = calloc((size_t)timing->rounds * timing->kinds_count, sizeof *lane->trials);
	for (size_t kind = 0; kind < timing->kinds_count; kind++)
		lane->next[kind] = number * timing->kinds[kind].count / timing->lanes;
	if (!lane->trials || pthread_create(&lane->thread, NULL, ask, lane))
		client_fail("a lane");
}

static void print(const struct lane *lane)
{
	for (size_t i = 0; i < lane->count; i++) {
		const struct trial *trial = &lane->trials[i];

		printf("%s\t%ld\t%ld\t%ld\n", lane->timing->kinds[trial->kind].label, (long)trial->asked, (long)trial->next[0],
			(long)trial->next[1]);
	}
}

static void run(struct timing *timing)
{
	static struct lane lanes[LANES_MAX];

	if (has_kind(timing, "throttled"))
		use_up_share(timing);
	for (unsigned i = 0; i < timing->lanes; i++)
		begin(&lanes[i], timing, i);
	for (unsigned i = 0; i < timing->lanes; i++)
		pthread_join(lanes[i].thread, NULL);
	for (unsigned i = 0; i < timing->lanes; i++) {
		print(&lanes[i]);
		free(lanes[i].trials);
	}
}

int main(int argc, char **argv)
{
	static struct timing timing;

	if (argc != 9 || !(timing.request = bench_request_named(argv[2]))) {
		fputs("bench-timing PORT REQUEST ROUNDS LANES PER-SECOND EXPECTED SUFFIX BASE <LINES\n", stderr);
		return 2;
	}
	timing.next = bench_request_named("base");
	timing.rounds = (unsigned)atoi(argv[3]);
	timing.lanes = (unsigned)atoi(argv[4]);
	if (!timing.lanes || timing.lanes > LANES_MAX)
		client_fail("lanes");
	timing.interval = 1000000000L * (long)timing.lanes / atol(argv[5]);
	timing.expected = atoi(argv[6]);
	timing.directory = (struct bench_directory){argv[7], argv[8], ""};
	read_names(&timing);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		client_open(&timing.connections[i], argv[1], i + 1);
	for (unsigned i = 0; i < THROTTLED_CONNECTIONS; i++)
		client_open(&timing.throttled[i], argv[1], CONNECTIONS + 1);
	run(&timing);
	return 0;
}
