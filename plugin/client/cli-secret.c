#include "cli-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli-output.h"
#include "cli-terminal.h"

void lk_cli_secret_clear(struct lk_cli_secret *secret)
{
	explicit_bzero(secret, sizeof *secret);
}

/* One octet at a time, so that nothing of the next line is taken, and no buffer of stdio holds a copy. Returns the
 * octet, -1 at the end, -2 on an error. */
static int read_octet(int fd)
{
	unsigned char octet;
	ssize_t got;

	do
		got = read(fd, &octet, 1);
	while (got < 0 && errno == EINTR);
	return got > 0 ? octet : got == 0 ? -1 : -2;
}

enum line { LINE_READ, LINE_MISSING, LINE_TOO_LONG, LINE_NUL, LINE_BROKEN };

static enum line read_line(int fd, struct lk_cli_secret *secret)
{
	int octet;

	secret->length = 0;
	while ((octet = read_octet(fd)) >= 0 && octet != '\n') {
		if (octet == '\0')
			return LINE_NUL;
		if (secret->length == LK_CLI_SECRET_MAX)
			return LINE_TOO_LONG;
		secret->text[secret->length++] = (char)octet;
	}
	if (octet == -2)
		return LINE_BROKEN;
	if (octet == -1 && secret->length == 0)
		return LINE_MISSING;
	if (octet == '\n' && secret->length > 0 && secret->text[secret->length - 1] == '\r')
		secret->length--;
	secret->text[secret->length] = '\0';
	return secret->length == 0 ? LINE_MISSING : LINE_READ;
}

/* Takes TEXT, which is erased and freed, in place of what SECRET holds. */
static bool replace(struct lk_cli_secret *secret, char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);
	bool fits = text != NULL && length <= LK_CLI_SECRET_MAX;

	if (fits) {
		memcpy(secret->text, text, length + 1);
		secret->length = length;
	}
	if (text != NULL)
		explicit_bzero(text, length);
	g_free(text);
	return fits;
}

/* What is typed or piped is in the locale's encoding; the protocol speaks UTF-8. */
static bool take_utf8(struct lk_cli_secret *secret)
{
	if (g_utf8_validate(secret->text, (gssize)secret->length, NULL))
		return true;
	return replace(secret, g_locale_to_utf8(secret->text, (gssize)secret->length, NULL, NULL, NULL));
}

bool lk_cli_secret_compose(struct lk_cli_secret *secret)
{
	/* take_utf8() has seen it. */
	return replace(secret, g_utf8_normalize(secret->text, (gssize)secret->length, G_NORMALIZE_NFC));
}

static bool finish(enum line result, const char *where, struct lk_cli_secret *secret)
{
	const char *complaint = NULL;

	if (result == LINE_READ && !take_utf8(secret))
		complaint = _("{where}: this is not text in the encoding of this terminal.");
	else if (result == LINE_MISSING)
		complaint = _("{where}: there is nothing.");
	else if (result == LINE_TOO_LONG)
		complaint = _("{where}: the line is too long.");
	else if (result == LINE_NUL)
		complaint = _("{where}: this is not text.");
	else if (result == LINE_BROKEN)
		complaint = _("{where}: it cannot be read.");
	if (complaint == NULL)
		return true;
	lk_cli_complain(complaint, "where", where, NULL);
	lk_cli_secret_clear(secret);
	return false;
}

static bool ask(const char *prompt, enum lk_cli_lines lines, struct lk_cli_secret *ret_secret)
{
	int got = lk_cli_terminal_ask(prompt, lines, ret_secret->text, LK_CLI_SECRET_MAX);

	if (got < 0) {
		lk_cli_complain(_("There is no terminal to ask on. Use a file or standard input; --help says how."), NULL);
		return false;
	}
	ret_secret->length = (size_t)got;
	enum line result = got == 0 ? LINE_MISSING : got > LK_CLI_SECRET_MAX ? LINE_TOO_LONG : LINE_READ;
	return finish(result, _("Terminal"), ret_secret);
}

bool lk_cli_secret_ask(const char *prompt, struct lk_cli_secret *ret_secret)
{
	return ask(prompt, LK_CLI_LINES_ONE, ret_secret);
}

bool lk_cli_secret_ask_text(const char *prompt, struct lk_cli_secret *ret_secret)
{
	return ask(prompt, LK_CLI_LINES_PASTED, ret_secret);
}

bool lk_cli_secret_ask_twice(struct lk_cli_secret *ret_secret)
{
	struct lk_cli_secret again;
	if (!lk_cli_secret_ask(_("New password: "), ret_secret) || !lk_cli_secret_ask(_("New password again: "), &again))
		return false;

	bool same = strcmp(ret_secret->text, again.text) == 0;
	lk_cli_secret_clear(&again);
	if (!same)
		lk_cli_complain(_("The two passwords are not the same. Nothing was changed."), NULL);
	return same;
}

bool lk_cli_secret_read_stdin(int line, struct lk_cli_secret *ret_secret)
{
	char *number = g_strdup_printf("%d", line);
	char *where = lk_cli_fill(_("Standard input, line {number}"), "number", number, NULL);
	bool read = finish(read_line(STDIN_FILENO, ret_secret), where, ret_secret);

	g_free(number);
	g_free(where);
	return read;
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		char *shown = g_filename_display_name(path);
		lk_cli_complain(_("{file}: it cannot be opened ({reason})."), "file", shown, "reason", g_strerror(errno), NULL);
		g_free(shown);
	}
	return fd;
}

static void warn_if_loose(int fd, const char *path)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		lk_cli_complain(_("{file}: others on this machine may read or change this file; “chmod 600” closes it."),
			"file", path, NULL);
}

bool lk_cli_secret_read_file(const char *path, struct lk_cli_secret *ret_secret)
{
	int fd = open_file(path);
	if (fd < 0)
		return false;

	warn_if_loose(fd, path);
	enum line result = read_line(fd, ret_secret);
	bool alone = read_octet(fd) == -1;
	close(fd);
	if (result == LINE_READ && !alone) {
		lk_cli_complain(_("{file}: there is more than one line."), "file", path, NULL);
		lk_cli_secret_clear(ret_secret);
		return false;
	}
	return finish(result, path, ret_secret);
}

bool lk_cli_secret_read_whole(const char *path, struct lk_cli_secret *ret_secret)
{
	int fd = open_file(path);
	if (fd < 0)
		return false;

	warn_if_loose(fd, path);
	int octet;
	ret_secret->length = 0;
	while ((octet = read_octet(fd)) >= 0 && ret_secret->length < LK_CLI_SECRET_MAX)
		ret_secret->text[ret_secret->length++] = (char)octet;
	ret_secret->text[ret_secret->length] = '\0';
	close(fd);
	if (octet == -1 && ret_secret->length > 0)
		return true;
	return finish(octet >= 0 ? LINE_TOO_LONG : octet == -1 ? LINE_MISSING : LINE_BROKEN, path, ret_secret);
}
