#include "hook.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define POLL_MILLISECONDS 100

/* A command under way. */
struct run {
	pid_t pid;
	int input; /* -1 when all is written, or the command reads no more */
	int output; /* -1 at its end */
	const char *message;
	size_t left;
	char *answer;
	size_t room;
};

/* Blocked and ignored signals would be so in the command as well. */
static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, pipe_signal;

	sigemptyset(&none);
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	posix_spawnattr_init(attributes);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &pipe_signal);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

/* 0, or the errno. The command gets nothing of ours but its two pipes. */
static int spawn(char **arguments, int input, int output, pid_t *ret_pid)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
				locale[] = "LC_ALL=C.UTF-8";
	char *environment[] = {path, locale, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;

	set_attributes(&attributes);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
	int result = posix_spawn(ret_pid, arguments[0], &files, &attributes, arguments, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return result;
}

static void shut(int *file)
{
	if (*file >= 0)
		close(*file);
	*file = -1;
}

/* 0, or the errno. */
static int begin(char **arguments, struct run *run)
{
	int input[2], output[2], result;

	if (pipe2(input, O_CLOEXEC) < 0)
		return errno;
	if (pipe2(output, O_CLOEXEC) < 0) {
		result = errno;
		close(input[0]);
		close(input[1]);
		return result;
	}
	result = spawn(arguments, input[0], output[1], &run->pid);
	close(input[0]);
	close(output[1]);
	run->input = input[1];
	run->output = output[0];
	fcntl(run->input, F_SETFL, O_NONBLOCK);
	fcntl(run->output, F_SETFL, O_NONBLOCK);
	if (result != 0) {
		shut(&run->input);
		shut(&run->output);
	}
	return result;
}

static void feed(struct run *run)
{
	ssize_t done = write(run->input, run->message, run->left);

	if (done < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (done > 0) {
		run->message += done;
		run->left -= (size_t)done;
	}
	if (done < 0 || !run->left)
		shut(&run->input);
}

static void hear(struct run *run)
{
	char piece[512];
	ssize_t got = read(run->output, piece, sizeof piece);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		shut(&run->output);
		return;
	}
	size_t kept = MIN((size_t)got, run->room);
	memcpy(run->answer, piece, kept);
	run->answer += kept;
	run->room -= kept;
	*run->answer = '\0';
}

/* Whether the command has ended; *ret_status is then what waitpid() says. */
static bool turn(struct run *run, int *ret_status)
{
	struct pollfd files[] = {{.fd = run->input, .events = POLLOUT}, {.fd = run->output, .events = POLLIN}};

	if (waitpid(run->pid, ret_status, WNOHANG) == run->pid) {
		while (run->output >= 0 && poll(&files[1], 1, 0) > 0 && files[1].revents)
			hear(run);
		return true;
	}
	poll(files, 2, POLL_MILLISECONDS);
	if (files[0].revents)
		feed(run);
	if (files[1].revents)
		hear(run);
	/* Without a pipe to watch, the end of the command is what is left to wait for. */
	if (run->input < 0 && run->output < 0)
		g_usleep(10000);
	return false;
}

static void judge(int status, struct lk_delivery *delivery)
{
	size_t said = strlen(delivery->answer);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		delivery->state = LK_STATE_SENT;
	else if (WIFEXITED(status) && WEXITSTATUS(status) == EX_UNAVAILABLE)
		delivery->state = LK_STATE_FAILED;
	if (said)
		return;
	if (WIFEXITED(status))
		g_snprintf(delivery->answer, sizeof delivery->answer, "the command ended with status %d", WEXITSTATUS(status));
	else
		g_snprintf(delivery->answer, sizeof delivery->answer, "the command was ended by signal %d", WTERMSIG(status));
}

static void finish(struct run *run, long timeout, struct lk_delivery *delivery)
{
	gint64 until = g_get_monotonic_time() + timeout * G_USEC_PER_SEC;
	bool is_over = false;
	int status = 0;

	while (!is_over && g_get_monotonic_time() < until)
		is_over = turn(run, &status);
	if (is_over) {
		judge(status, delivery);
	} else {
		kill(-run->pid, SIGKILL);
		waitpid(run->pid, &status, 0);
		g_snprintf(delivery->answer, sizeof delivery->answer, "the command took longer than %ld seconds", timeout);
	}
	shut(&run->input);
	shut(&run->output);
}

void lk_hook_run(
	const struct lk_hook_config *hook, const char *message, size_t length, struct lk_delivery *ret_delivery)
{
	struct run run = {.message = message,
		.left = length,
		.answer = ret_delivery->answer,
		.room = sizeof ret_delivery->answer - 1,
		.input = -1,
		.output = -1};
	char **arguments = NULL;

	*ret_delivery = (struct lk_delivery){.state = LK_STATE_DEFERRED};
	if (!g_shell_parse_argv(hook->command, NULL, &arguments, NULL))
		return;
	int error = begin(arguments, &run);
	if (error == 0)
		finish(&run, hook->timeout, ret_delivery);
	else
		g_snprintf(ret_delivery->answer, sizeof ret_delivery->answer, "%s: %s", arguments[0], g_strerror(error));
	g_strfreev(arguments);
}
