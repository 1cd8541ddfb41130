/* A connection to slapd with as little of its own between the request and the measurement as there can be: blocking,
 * one request at a time. Whatever goes wrong on it ends the program, since a figure that was measured in spite of it is
 * none. */
#pragma once

#include <lber.h>

struct client {
	int fd;
	int message_id;
	struct berval answer; /* what has been received, in room for one message */
	BerElement *reader;
};

/* Ends the program. */
_Noreturn void client_fail(const char *what);

/* Connects to SERVER: the path of a socket, or a port of 127.0.0.1, then from the address SOURCE, a number of
 * 127.0.0.0/8: slapd takes each for another client. */
void client_open(struct client *client, const char *server, unsigned source);
void client_close(struct client *client);

/* Sends REQUEST, which begins with the message's id client_begin() gave it, and frees it. Returns the result code of
 * its answer; entries before it are passed over. */
int client_ask(struct client *client, BerElement *request);

/* A new LDAPMessage, begun with its id; whoever fills it ends it with "}". */
BerElement *client_begin(struct client *client);
