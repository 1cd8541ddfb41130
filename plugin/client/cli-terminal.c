#include "cli-terminal.h"

#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define CAUGHT G_N_ELEMENTS(caught)
#define PASTE_MILLISECONDS 100

/* How signals were handled before the question. While it stands they are blocked, but where it waits: so none can come
 * between a look and the wait that follows. */
struct signals {
	struct sigaction actions[CAUGHT];
	sigset_t mask;
};

static volatile sig_atomic_t pending;

static void note_signal(int number)
{
	pending = number;
}

static void catch_signals(struct signals *ret_before)
{
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t blocked;

	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaddset(&blocked, caught[i]);
	sigprocmask(SIG_BLOCK, &blocked, &ret_before->mask);
	for (size_t i = 0; i < CAUGHT; i++) {
		sigaction(caught[i], &action, &ret_before->actions[i]);
		/* What was to be ignored goes on being ignored. */
		if (ret_before->actions[i].sa_handler == SIG_IGN)
			sigaction(caught[i], &ret_before->actions[i], NULL);
	}
}

/* The signal that came takes the effect that it would have had. */
static void restore_signals(const struct signals *before)
{
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before->actions[i], NULL);
	if (pending != 0)
		raise(pending);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

/* 1 and the octet, 0 at the end, -1 where a signal came or nothing can be read. */
static ssize_t read_octet(int tty, const sigset_t *mask, char *ret_octet)
{
	struct pollfd wanted = {.fd = tty, .events = POLLIN};

	if (ppoll(&wanted, 1, NULL, mask) < 0)
		return -1;
	return read(tty, ret_octet, 1);
}

/* Whether LINES go on after the end of one. */
static bool goes_on(int tty, enum lk_cli_lines lines)
{
	struct pollfd wanted = {.fd = tty, .events = POLLIN};

	return lines == LK_CLI_LINES_PASTED && poll(&wanted, 1, PASTE_MILLISECONDS) > 0;
}

/* Returns the length, SIZE + 1 where it is longer, -1 where a signal came or nothing can be read. */
static int read_lines(int tty, const sigset_t *mask, enum lk_cli_lines lines, char *line, size_t size)
{
	size_t length = 0;
	char octet = '\0';
	ssize_t got;

	while ((got = read_octet(tty, mask, &octet)) == 1 && (octet != '\n' || goes_on(tty, lines))) {
		if (length < size)
			line[length] = octet;
		if (length <= size)
			length++;
	}
	explicit_bzero(&octet, 1);
	if (got < 0)
		return -1;
	line[MIN(length, size)] = '\0';
	return (int)length;
}

static void show(int tty, const char *text)
{
	char *encoded = g_locale_from_utf8(text, -1, NULL, NULL, NULL);
	const char *shown = encoded == NULL ? text : encoded;

	/* A prompt that cannot be shown is no reason not to read. */
	ssize_t written = write(tty, shown, strlen(shown));
	(void)written;
	g_free(encoded);
}

/* One try; -1 where a signal came, which has been delivered by then, or nothing can be read. */
static int ask_once(int tty, const char *prompt, enum lk_cli_lines lines, char *line, size_t size)
{
	struct signals signals;
	struct termios before, silent;

	pending = 0;
	if (tcgetattr(tty, &before) != 0)
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ICANON | ISIG | ECHONL;
	catch_signals(&signals);
	tcsetattr(tty, TCSAFLUSH, &silent);
	show(tty, prompt);
	int length = read_lines(tty, &signals.mask, lines, line, size);
	tcsetattr(tty, TCSAFLUSH, &before);
	if (length < 0)
		show(tty, "\n");
	restore_signals(&signals);
	return length;
}

int lk_cli_terminal_ask(const char *prompt, enum lk_cli_lines lines, char *ret_line, size_t size)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		return -1;

	/* After a stop (Ctrl-Z, fg) the question is asked again. */
	int length;
	do
		length = ask_once(tty, prompt, lines, ret_line, size);
	while (length < 0 && pending != 0);
	close(tty);
	return length;
}
