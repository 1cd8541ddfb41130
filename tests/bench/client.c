/* See client.h. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ldap.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX ((size_t)1 << 20)

void client_fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, errno ? strerror(errno) : "failed");
	exit(1);
}

static int connect_path(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof address.sun_path)
		client_fail(path);
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address))
		client_fail(path);
	return fd;
}

static int connect_port(const char *port, unsigned source)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + source)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address))
		client_fail("a source address");
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((unsigned short)atoi(port));
	if (connect(fd, (struct sockaddr *)&address, sizeof address))
		client_fail(port);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

void client_open(struct client *client, const char *server, unsigned source)
{
	client->fd = server[0] == '/' ? connect_path(server) : connect_port(server, source);
	client->message_id = 0;
	client->answer.bv_len = 0;
	client->answer.bv_val = malloc(ANSWER_MAX);
	client->reader = ber_alloc_t(0);
	if (!client->answer.bv_val || !client->reader)
		client_fail("memory");
}

void client_close(struct client *client)
{
	close(client->fd);
	free(client->answer.bv_val);
	ber_free(client->reader, 0);
}

BerElement *client_begin(struct client *client)
{
	BerElement *request = ber_alloc_t(LBER_USE_DER);

	if (!request || ber_printf(request, "{i" /*}*/, ++client->message_id) < 0)
		client_fail("a request");
	return request;
}

static void send_request(struct client *client, BerElement *request)
{
	struct berval octets;
	ber_len_t sent = 0;

	if (ber_flatten2(request, &octets, 0) < 0)
		client_fail("a request");
	while (sent < octets.bv_len) {
		ssize_t written = write(client->fd, octets.bv_val + sent, octets.bv_len - sent);

		if (written <= 0)
			client_fail("sending");
		sent += (ber_len_t)written;
	}
	ber_free(request, 1);
}

/* The octets of the first message in the buffer, or 0 where it is not whole yet. */
static size_t whole_message(const struct berval *buffer)
{
	const unsigned char *octets = (const unsigned char *)buffer->bv_val;
	size_t lengths, length = 0;

	if (buffer->bv_len < 2)
		return 0;
	lengths = octets[1] & 0x80 ? octets[1] & 0x7f : 0;
	if (buffer->bv_len < 2 + lengths)
		return 0;
	for (size_t i = 0; i < lengths; i++)
		length = length << 8 | octets[2 + i];
	length = 2 + lengths + (lengths ? length : octets[1]);
	return buffer->bv_len < length ? 0 : length;
}

static size_t receive_message(struct client *client)
{
	size_t length;

	while (!(length = whole_message(&client->answer))) {
		ssize_t got =
			read(client->fd, client->answer.bv_val + client->answer.bv_len, ANSWER_MAX - client->answer.bv_len);

		if (got <= 0) {
			errno = got ? errno : ECONNRESET;
			client_fail("receiving");
		}
		client->answer.bv_len += (ber_len_t)got;
	}
	return length;
}

/* The result code in a message, or -1 where another one follows. */
static int read_result(struct client *client, size_t length)
{
	struct berval message = {length, client->answer.bv_val};
	ber_int_t id, result = -1;
	ber_tag_t tag;

	ber_init2(client->reader, &message, 0);
	if (ber_scanf(client->reader, "{it" /*}*/, &id, &tag) == LBER_ERROR || id != client->message_id)
		client_fail("an answer");
	if (tag == LDAP_RES_SEARCH_ENTRY || tag == LDAP_RES_SEARCH_REFERENCE)
		return -1;
	if (ber_scanf(client->reader, "{e" /*}*/, &result) == LBER_ERROR)
		client_fail("an answer");
	return result;
}

int client_ask(struct client *client, BerElement *request)
{
	int result = -1;

	send_request(client, request);
	while (result < 0) {
		size_t length = receive_message(client);

		result = read_result(client, length);
		client->answer.bv_len -= length;
		memmove(client->answer.bv_val, client->answer.bv_val + length, client->answer.bv_len);
	}
	return result;
}
