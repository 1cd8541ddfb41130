/* Compares two servers under load, second by second of the same machine: what else the machine does falls on both
 * alike.
 *
 *   bench-pairs SERVER,SERVER REQUEST,REQUEST CONNECTIONS PAIRS MILLISECONDS USERS SUFFIX BASE [DN]
 *
 * Each connection asks, of users drawn at random, the one server for so many milliseconds, then the other; which comes
 * first alternates from pair to pair. SERVER, USERS, SUFFIX, BASE and DN are those of bench-load. Prints a line for
 * each pair: how many answers came from the first and from the second server, separated by a tab. */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "requests.h"

struct side {
	const char *server;
	bench_request *request;
};

struct comparison {
	struct side sides[2];
	unsigned connections, pairs, users; /* at least as many users as connections */
	int64_t slice; /* nanoseconds */
	struct bench_directory directory;
	const char *dn;
	pthread_barrier_t ready;
	int64_t began; /* set between the two waits at the barrier */
};

struct worker {
	struct comparison *comparison;
	pthread_t thread;
	unsigned number;
	uint64_t draw; /* xorshift64 */
	struct client clients[2];
	unsigned *answers; /* of each slice */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* No two workers ever ask about one user: two writes at once to one entry are another thing to measure. */
static unsigned draw_user(struct worker *worker)
{
	unsigned workers = worker->comparison->connections, mine = worker->comparison->users / workers;

	worker->draw ^= worker->draw << 13;
	worker->draw ^= worker->draw >> 7;
	worker->draw ^= worker->draw << 17;
	return (unsigned)(worker->draw % mine) * workers + worker->number;
}

/* 0 1 1 0 0 1 1 0 … */
static unsigned side_of(unsigned slice)
{
	return (slice & 1) ^ (slice >> 1 & 1);
}

static void sign_in(struct worker *worker)
{
	struct comparison *comparison = worker->comparison;

	for (unsigned side = 0; side < 2; side++) {
		client_open(&worker->clients[side], comparison->sides[side].server, worker->number + 1);
		if (comparison->dn)
			bench_sign_in(&worker->clients[side], comparison->dn, comparison->directory.password);
	}
}

static void *work(void *context)
{
	struct worker *worker = context;
	struct comparison *comparison = worker->comparison;
	unsigned slices = 2 * comparison->pairs, slice;

	sign_in(worker);
	if (pthread_barrier_wait(&comparison->ready) == PTHREAD_BARRIER_SERIAL_THREAD)
		comparison->began = now();
	pthread_barrier_wait(&comparison->ready);
	while ((slice = (unsigned)((now() - comparison->began) / comparison->slice)) < slices) {
		unsigned side = side_of(slice);

		bench_ask(&worker->clients[side], comparison->sides[side].request, &comparison->directory, draw_user(worker));
		worker->answers[slice]++;
	}
	client_close(&worker->clients[0]);
	client_close(&worker->clients[1]);
	return NULL;
}

static void print_pairs(const struct comparison *comparison, const struct worker *workers)
{
	for (unsigned pair = 0; pair < comparison->pairs; pair++) {
		unsigned answers[2] = {0, 0};

		for (unsigned slice = 2 * pair; slice < 2 * pair + 2; slice++) {
			for (unsigned i = 0; i < comparison->connections; i++)
				answers[side_of(slice)] += workers[i].answers[slice];
		}
		printf("%u\t%u\n", answers[0], answers[1]);
	}
}

static void run(struct comparison *comparison)
{
	struct worker *workers = calloc(comparison->connections, sizeof *workers);

	if (!workers || pthread_barrier_init(&comparison->ready, NULL, comparison->connections))
		client_fail("threads");
	for (unsigned i = 0; i < comparison->connections; i++) {
		workers[i].comparison = comparison;
		workers[i].number = i;
		workers[i].draw = UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
		workers[i].answers = calloc(2 * comparison->pairs, sizeof *workers[i].answers);
		if (!workers[i].answers || pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			client_fail("threads");
	}
	for (unsigned i = 0; i < comparison->connections; i++)
		pthread_join(workers[i].thread, NULL);
	print_pairs(comparison, workers);
	for (unsigned i = 0; i < comparison->connections; i++)
		free(workers[i].answers);
	free(workers);
}

/* Splits TEXT at its comma. */
static bool split(char *text, const char *ret_parts[2])
{
	char *comma = strchr(text, ',');

	if (!comma)
		return false;
	*comma = '\0';
	ret_parts[0] = text;
	ret_parts[1] = comma + 1;
	return true;
}

static bool read_sides(char *servers, char *requests, struct side ret_sides[2])
{
	const char *names[2], *paths[2];

	if (!split(servers, paths) || !split(requests, names))
		return false;
	for (unsigned side = 0; side < 2; side++)
		ret_sides[side] = (struct side){paths[side], bench_request_named(names[side])};
	return ret_sides[0].request && ret_sides[1].request;
}

int main(int argc, char **argv)
{
	static struct comparison comparison;

	if (argc < 9 || argc > 10 || !read_sides(argv[1], argv[2], comparison.sides)) {
		fputs("bench-pairs SERVER,SERVER REQUEST,REQUEST CONNECTIONS PAIRS MILLISECONDS USERS SUFFIX BASE [DN]\n",
			stderr);
		return 2;
	}
	comparison.connections = (unsigned)atoi(argv[3]);
	comparison.pairs = (unsigned)atoi(argv[4]);
	comparison.slice = atol(argv[5]) * 1000000;
	comparison.users = (unsigned)atoi(argv[6]);
	comparison.directory = (struct bench_directory){argv[7], argv[8], bench_environment("BENCH_PASSWORD")};
	comparison.dn = argv[9];
	if (!comparison.connections || comparison.users < comparison.connections || comparison.slice <= 0)
		client_fail("nothing to do");
	run(&comparison);
	return 0;
}
