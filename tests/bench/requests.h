/* The requests that the benchmarks send, each about a user of a name or a number. Users are "uid=u0000001" and on,
 * below the base; all have one password. */
#pragma once

#include <lber.h>

#include "client.h"

struct bench_directory {
	const char *suffix; /* searches begin here */
	const char *base; /* users are below */
	const char *password; /* of every user */
};

#define BENCH_NAME_SIZE 32

void bench_user_name(unsigned number, char ret_name[BENCH_NAME_SIZE]);

/* A request of CLIENT about the user NAME. */
typedef BerElement *bench_request(struct client *client, const struct bench_directory *directory, const char *name);

/* One of: search, bind, modify, password, reset, whoami, request, complete, old-form, base. NULL for another NAME. */
bench_request *bench_request_named(const char *name);

/* Asks about the user of that number; an answer that is no success ends the program. */
void bench_ask(struct client *client, bench_request *request, const struct bench_directory *directory, unsigned number);

/* Signs CLIENT in. */
void bench_sign_in(struct client *client, const char *dn, const char *password);

/* The variable NAME of the environment, or "". */
const char *bench_environment(const char *name);
