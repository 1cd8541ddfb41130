/* Asks a number of questions, over some connections at once, as fast as they are answered.
 *
 *   bench-load SERVER REQUEST CONNECTIONS OPERATIONS USERS FIRST STEP SUFFIX BASE [DN]
 *
 * SERVER is the path of a socket or a port of 127.0.0.1, to which each connection then comes from an address of its
 * own. The operations are about the users FIRST, FIRST + STEP and on, over again after the last of USERS. DN signs in
 * first; BENCH_PASSWORD of the environment is everybody's password; BENCH_PAUSE is how many microseconds to wait before
 * each question, none without it. Prints how many seconds it took. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "requests.h"

struct load {
	const char *server;
	bench_request *request;
	unsigned connections, operations, users, first, step;
	struct bench_directory directory;
	const char *dn;
	useconds_t pause;
	atomic_uint next; /* of the operations */
	pthread_barrier_t ready;
};

struct worker {
	struct load *load;
	pthread_t thread;
	unsigned number;
	double began, ended;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void *work(void *context)
{
	struct worker *worker = context;
	struct load *load = worker->load;
	struct client client;
	unsigned next;

	client_open(&client, load->server, worker->number + 1);
	if (load->dn)
		bench_sign_in(&client, load->dn, load->directory.password);
	pthread_barrier_wait(&load->ready);
	worker->began = now();
	while ((next = atomic_fetch_add(&load->next, 1)) < load->operations) {
		if (load->pause)
			usleep(load->pause);
		bench_ask(&client, load->request, &load->directory, (load->first + next * load->step) % load->users);
	}
	worker->ended = now();
	client_close(&client);
	return NULL;
}

static void run(struct load *load)
{
	struct worker *workers = calloc(load->connections, sizeof *workers);
	double began = 0, ended = 0;

	if (!workers || pthread_barrier_init(&load->ready, NULL, load->connections))
		client_fail("threads");
	for (unsigned i = 0; i < load->connections; i++) {
		workers[i] = (struct worker){.load = load, .number = i};
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			client_fail("threads");
	}
	for (unsigned i = 0; i < load->connections; i++) {
		pthread_join(workers[i].thread, NULL);
		began = i && began < workers[i].began ? began : workers[i].began;
		ended = i && ended > workers[i].ended ? ended : workers[i].ended;
	}
	printf("%.6f\n", ended - began);
	free(workers);
}

int main(int argc, char **argv)
{
	static struct load load;

	if (argc < 10 || argc > 11 || !(load.request = bench_request_named(argv[2]))) {
		fputs("bench-load SERVER REQUEST CONNECTIONS OPERATIONS USERS FIRST STEP SUFFIX BASE [DN]\n", stderr);
		return 2;
	}
	load.server = argv[1];
	load.connections = (unsigned)atoi(argv[3]);
	load.operations = (unsigned)atoi(argv[4]);
	load.users = (unsigned)atoi(argv[5]);
	load.first = (unsigned)atoi(argv[6]);
	load.step = (unsigned)atoi(argv[7]);
	load.directory = (struct bench_directory){argv[8], argv[9], bench_environment("BENCH_PASSWORD")};
	load.dn = argv[10];
	load.pause = (useconds_t)atoi(bench_environment("BENCH_PAUSE"));
	if (!load.connections || !load.users)
		client_fail("nothing to do");
	run(&load);
	return 0;
}
