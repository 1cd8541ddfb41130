#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <microhttpd.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "forwarded.h"
#include "listen.h"
#include "pages.h"

#define HEADERS_MAX 32768
#define THREAD_STACK (512 * 1024)
#define LOOK_EVERY_MILLISECONDS 250
#define FINISH_SECONDS 30

/* A connection as the thread sees that cuts slow ones off. */
struct peer {
	struct peer *next, *previous;
	int fd;
	gint64 deadline; /* g_get_monotonic_time(); 0: nobody waits for the client now */
	bool is_local; /* a socket of this machine, so that it has no address */
	char address[LK_WEB_ADDRESS_TEXT];
};

struct lk_web_server {
	const struct lk_web_site *site;
	struct MHD_Daemon *daemon;
	pthread_t reaper;
	bool has_reaper;
	pthread_mutex_t mutex; /* guards what follows, and keeps a socket open while it is shut down */
	struct peer *peers;
	bool is_stopping;
	gint64 last_look;
};

/* What is collected of one request. */
struct exchange {
	char body[LK_WEB_BODY_MAX + 1];
	size_t length;
	size_t received; /* with what was thrown away */
	bool is_too_large;
};

/* --- slow clients ------------------------------------------------------------------------------------------------- */

static void set_deadline(struct lk_web_server *server, struct peer *peer, bool is_waiting)
{
	pthread_mutex_lock(&server->mutex);
	peer->deadline = is_waiting ? g_get_monotonic_time() + server->site->config->request_seconds * G_USEC_PER_SEC : 0;
	pthread_mutex_unlock(&server->mutex);
}

static bool look_once(struct lk_web_server *server)
{
	pthread_mutex_lock(&server->mutex);
	gint64 now = server->last_look = g_get_monotonic_time();
	for (struct peer *peer = server->peers; peer != NULL; peer = peer->next)
		if (peer->deadline != 0 && peer->deadline < now)
			shutdown(peer->fd, SHUT_RDWR);
	bool goes_on = !server->is_stopping;
	pthread_mutex_unlock(&server->mutex);
	return goes_on;
}

static void *reap(void *data)
{
	while (look_once(data))
		g_usleep(LOOK_EVERY_MILLISECONDS * 1000);
	return NULL;
}

static void note_address(struct peer *peer, const struct sockaddr *address)
{
	const void *octets = NULL;

	if (address->sa_family == AF_INET)
		octets = &((const struct sockaddr_in *)address)->sin_addr;
	else if (address->sa_family == AF_INET6)
		octets = &((const struct sockaddr_in6 *)address)->sin6_addr;
	peer->is_local = octets == NULL;
	if (octets != NULL)
		inet_ntop(address->sa_family, octets, peer->address, sizeof peer->address);
}

static void add_peer(struct lk_web_server *server, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *address = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct peer *peer = g_new0(struct peer, 1);

	peer->fd = fd->connect_fd;
	note_address(peer, address->client_addr);
	pthread_mutex_lock(&server->mutex);
	peer->deadline = g_get_monotonic_time() + server->site->config->request_seconds * G_USEC_PER_SEC;
	peer->next = server->peers;
	if (peer->next != NULL)
		peer->next->previous = peer;
	server->peers = peer;
	pthread_mutex_unlock(&server->mutex);
	*context = peer;
}

static void remove_peer(struct lk_web_server *server, struct peer *peer)
{
	pthread_mutex_lock(&server->mutex);
	if (peer->previous == NULL)
		server->peers = peer->next;
	else
		peer->previous->next = peer->next;
	if (peer->next != NULL)
		peer->next->previous = peer->previous;
	pthread_mutex_unlock(&server->mutex);
	g_free(peer);
}

/* Told of the end before the socket is closed, so that nobody shuts another one down that has got its number. */
static void connection_cb(
	void *data, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		add_peer(data, connection, context);
	else if (*context != NULL)
		remove_peer(data, *context);
}

/* --- one request -------------------------------------------------------------------------------------------------- */

/* The last part of a list of headers, of which some proxies add one each. */
static enum MHD_Result append_cb(void *data, enum MHD_ValueKind kind, const char *key, const char *value)
{
	GString *all = data;

	(void)kind;
	if (g_ascii_strcasecmp(key, "X-Forwarded-For") == 0 && value != NULL)
		g_string_append_printf(all, "%s%s", all->len > 0 ? ", " : "", value);
	return MHD_YES;
}

static bool find_client(const struct lk_web_config *config, struct MHD_Connection *connection, const struct peer *peer,
	char ret_address[LK_WEB_ADDRESS_TEXT])
{
	GString *forwarded = g_string_new(NULL);

	MHD_get_connection_values(connection, MHD_HEADER_KIND, append_cb, forwarded);
	bool is_known = lk_web_client_find(peer->is_local ? NULL : peer->address,
		forwarded->len > 0 ? forwarded->str : NULL, config->proxies, config->proxies_count, ret_address);
	g_string_free(forwarded, TRUE);
	return is_known;
}

static enum lk_web_method method_of(const char *method)
{
	if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
		return LK_WEB_GET;
	return strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? LK_WEB_POST : LK_WEB_OTHER;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void add_headers(struct MHD_Response *response, const struct lk_web_answer *answer)
{
	const char *const headers[][2] = {
		{"Content-Type", answer->is_text ? "text/plain; charset=utf-8" : "text/html; charset=utf-8"},
		{"Content-Language", answer->is_text ? "en" : lk_web_language_tag(answer->language)},
		{"Content-Security-Policy", lk_web_page_policy()},
		{"Referrer-Policy", "no-referrer"},
		{"Cache-Control", "no-store"},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"X-Robots-Tag", "noindex"},
		{"Allow", answer->status == 405 ? "GET, HEAD, POST" : NULL},
		{"Location", answer->location},
		{"Set-Cookie", answer->cookie},
		{"Connection", "close"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		if (headers[i][1] != NULL)
			MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

static void free_page(void *page)
{
	sodium_memzero(page, strlen(page));
	g_free(page);
}

/* The page goes over to libmicrohttpd, which has it erased after the last octet was sent. */
static enum MHD_Result send_answer(struct MHD_Connection *connection, struct lk_web_answer *answer)
{
	size_t length = answer->page.length;
	char *text = answer->page.text == NULL ? g_strdup("") : g_steal_pointer(&answer->page.text);
	struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback(length, text, free_page);

	answer->page = (struct lk_html){NULL};
	if (response == NULL) {
		free_page(text);
		return MHD_NO;
	}
	add_headers(response, answer);
	enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer(struct lk_web_server *server, struct MHD_Connection *connection, const char *path,
	const char *method, struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct peer *peer = info->socket_context;
	char client[LK_WEB_ADDRESS_TEXT];
	bool is_known = find_client(server->site->config, connection, peer, client);
	const struct lk_web_request request = {
		.method = method_of(method),
		.path = path,
		.language = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "lang"),
		.state = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "state"),
		.accept_language = header(connection, "Accept-Language"),
		.cookie = header(connection, "Cookie"),
		.origin = header(connection, "Origin"),
		.fetch_site = header(connection, "Sec-Fetch-Site"),
		.content_type = header(connection, "Content-Type"),
		.client = is_known ? client : NULL,
		.body = exchange->body,
		.length = exchange->length,
		.is_too_large = exchange->is_too_large,
	};
	struct lk_web_answer page = {0};

	set_deadline(server, peer, false);
	lk_web_site_answer(server->site, &request, &page);
	enum MHD_Result result = send_answer(connection, &page);
	lk_web_answer_clear(&page);
	set_deadline(server, peer, true);
	return result;
}

/* How long the body is by what the client says: 0 where it says nothing. */
static guint64 announced_length(struct MHD_Connection *connection)
{
	const char *length = header(connection, "Content-Length");
	guint64 number = 0;

	if (length == NULL || g_ascii_string_to_unsigned(length, 10, 0, G_MAXUINT64, &number, NULL))
		return number;
	return G_MAXUINT64;
}

/* Whether no octet of the body is waited for: it has no end that is worth it, or the client asks before it sends any
 * (RFC 9110, section 10.1.1). */
static bool is_answered_at_once(struct MHD_Connection *connection, guint64 announced)
{
	return announced > LK_WEB_BODY_READ_MAX ||
		   (announced > LK_WEB_BODY_MAX && header(connection, MHD_HTTP_HEADER_EXPECT) != NULL);
}

/* Where octets of the body are still unread when the connection ends, the kernel resets it, and the answer is lost: a
 * proxy says 502 then. So what is too long is read to its end, and thrown away. False once that would be too much. */
static bool collect(struct exchange *exchange, const char *data, size_t length)
{
	exchange->received += length;
	if (length > LK_WEB_BODY_MAX - exchange->length)
		exchange->is_too_large = true;
	if (exchange->is_too_large)
		return exchange->received <= LK_WEB_BODY_READ_MAX;
	memcpy(exchange->body + exchange->length, data, length);
	exchange->length += length;
	return true;
}

static enum MHD_Result begin_exchange(struct lk_web_server *server, struct MHD_Connection *connection, const char *path,
	const char *method, void **context)
{
	struct exchange *exchange = *context = g_new0(struct exchange, 1);
	guint64 announced = announced_length(connection);

	exchange->is_too_large = announced > LK_WEB_BODY_MAX;
	return is_answered_at_once(connection, announced) ? answer(server, connection, path, method, exchange) : MHD_YES;
}

/* Called once for the headers, then for each piece of the body, and at its end without one. */
static enum MHD_Result access_cb(void *data, struct MHD_Connection *connection, const char *path, const char *method,
	const char *version, const char *piece, size_t *length, void **context)
{
	(void)version;
	if (*context == NULL)
		return begin_exchange(data, connection, path, method, context);
	if (*length == 0)
		return answer(data, connection, path, method, *context);
	bool goes_on = collect(*context, piece, *length);
	*length = 0;
	return goes_on ? MHD_YES : MHD_NO;
}

static void completed_cb(
	void *data, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why)
{
	(void)data, (void)connection, (void)why;
	if (*context == NULL)
		return;
	sodium_memzero(*context, sizeof(struct exchange));
	g_clear_pointer(context, g_free);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static struct MHD_Daemon *start_daemon(struct lk_web_server *server, int fd)
{
	const struct lk_web_config *config = server->site->config;

	return MHD_start_daemon(
		MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC, 0, NULL, NULL,
		access_cb, server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)config->connections,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)config->request_seconds + 1, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HEADERS_MAX, MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_NOTIFY_CONNECTION, connection_cb, server, MHD_OPTION_NOTIFY_COMPLETED, completed_cb, NULL,
		MHD_OPTION_END);
}

int lk_web_server_start(
	const struct lk_web_site *site, struct lk_web_server **ret_server, struct lk_complaint *ret_complaint)
{
	struct lk_web_server *server = g_new0(struct lk_web_server, 1);
	int fd = -1;

	server->site = site;
	server->last_look = g_get_monotonic_time();
	pthread_mutex_init(&server->mutex, NULL);
	lk_web_page_policy();
	int result = lk_web_listen(site->config, &fd, ret_complaint);
	if (result == 0) {
		server->daemon = start_daemon(server, fd);
		server->has_reaper = server->daemon != NULL && pthread_create(&server->reaper, NULL, reap, server) == 0;
	}
	if (server->has_reaper) {
		*ret_server = server;
		return 0;
	}
	if (result == 0)
		lk_complain(ret_complaint, "the server cannot be started: %s", g_strerror(errno));
	lk_web_server_stop(server);
	return -1;
}

bool lk_web_server_is_alive(struct lk_web_server *server)
{
	pthread_mutex_lock(&server->mutex);
	bool is_alive = g_get_monotonic_time() - server->last_look < 10 * G_USEC_PER_SEC;
	pthread_mutex_unlock(&server->mutex);
	return is_alive;
}

static bool is_idle(struct lk_web_server *server)
{
	pthread_mutex_lock(&server->mutex);
	bool is_idle = server->peers == NULL;
	pthread_mutex_unlock(&server->mutex);
	return is_idle;
}

void lk_web_server_stop(struct lk_web_server *server)
{
	if (server == NULL)
		return;
	if (server->daemon != NULL) {
		int fd = MHD_quiesce_daemon(server->daemon);
		for (int i = 0; i < FINISH_SECONDS * 20 && !is_idle(server); i++)
			g_usleep(50 * 1000);
		MHD_stop_daemon(server->daemon);
		if (fd >= 0)
			close(fd);
	}
	if (server->has_reaper) {
		pthread_mutex_lock(&server->mutex);
		server->is_stopping = true;
		pthread_mutex_unlock(&server->mutex);
		pthread_join(server->reaper, NULL);
	}
	pthread_mutex_destroy(&server->mutex);
	g_free(server);
}
