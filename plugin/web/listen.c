#include "listen.h"

#include <errno.h>
#include <glib.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define BACKLOG 512

static int bind_and_listen(
	const struct sockaddr *address, socklen_t length, const char *name, int *ret_socket, struct lk_complaint *complaint)
{
	static const int yes = 1;
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && address->sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (fd < 0 || bind(fd, address, length) < 0 || listen(fd, BACKLOG) < 0) {
		lk_complain(complaint, "%s: nobody can listen there: %s", name, g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*ret_socket = fd;
	return 0;
}

/* What a server before has left behind is taken away, where nobody listens on it any more. */
static void remove_stale(const struct sockaddr_un *address)
{
	struct stat status;

	if (lstat(address->sun_path, &status) < 0 || !S_ISSOCK(status.st_mode))
		return;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 && errno == ECONNREFUSED)
		unlink(address->sun_path);
	if (fd >= 0)
		close(fd);
}

static int listen_locally(const char *path, int *ret_socket, struct lk_complaint *complaint)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof address.sun_path)
		return lk_complain(complaint, "%s: the path is too long for a socket", path);
	strcpy(address.sun_path, path);
	remove_stale(&address);
	if (bind_and_listen((struct sockaddr *)&address, sizeof address, path, ret_socket, complaint) < 0)
		return -1;
	chmod(path, 0666); /* the folder says who gets there */
	return 0;
}

static int listen_on_network(const char *listen, int *ret_socket, struct lk_complaint *complaint)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	const char *colon = strrchr(listen, ':');
	struct addrinfo *found = NULL;

	if (colon == NULL)
		return lk_complain(complaint, "[server] listen is \"%s\"; it can be 127.0.0.1:PORT, or unix:PATH", listen);
	bool is_bracketed = listen[0] == '[' && colon > listen && colon[-1] == ']';
	char *host =
		is_bracketed ? g_strndup(listen + 1, (gsize)(colon - listen - 2)) : g_strndup(listen, (gsize)(colon - listen));
	int result =
		getaddrinfo(host, colon + 1, &hints, &found) == 0
			? bind_and_listen(found->ai_addr, found->ai_addrlen, listen, ret_socket, complaint)
			: lk_complain(complaint, "[server] listen is \"%s\"; it can be 127.0.0.1:PORT, or unix:PATH", listen);

	if (found != NULL)
		freeaddrinfo(found);
	g_free(host);
	return result;
}

int lk_web_listen(const struct lk_web_config *config, int *ret_socket, struct lk_complaint *ret_complaint)
{
	if (sd_listen_fds(0) > 0) {
		*ret_socket = SD_LISTEN_FDS_START;
		return 0;
	}
	if (g_str_has_prefix(config->listen, "unix:"))
		return listen_locally(config->listen + strlen("unix:"), ret_socket, ret_complaint);
	return listen_on_network(config->listen, ret_socket, ret_complaint);
}
