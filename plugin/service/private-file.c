#include "private-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_OCTETS 16384

/* A group's rights are the mask of an access list where systemd gives a credential to the user of a service. */
static int check(int file, const char *path, bool is_credential, struct lk_complaint *ret_complaint)
{
	mode_t others = is_credential ? 07 : 077;
	struct stat status;

	if (fstat(file, &status) < 0)
		return lk_complain(ret_complaint, "%s: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return lk_complain(ret_complaint, "%s is not a regular file", path);
	if (status.st_uid != geteuid() && status.st_uid != 0)
		return lk_complain(ret_complaint,
			"%s belongs to user %u; it must belong to the user who runs this (%u) or to root", path,
			(unsigned)status.st_uid, (unsigned)geteuid());
	if (status.st_mode & others)
		return lk_complain(ret_complaint, "%s can be used by others (mode %04o); run: chmod 600 %s", path,
			(unsigned)status.st_mode & 07777, path);
	if (status.st_size > MOST_OCTETS)
		return lk_complain(ret_complaint, "%s is larger than %d octets", path, MOST_OCTETS);
	return 0;
}

/* 0 at the end of the file, -1 with errno, else more was read. */
static ssize_t read_some(int file, struct lk_secret *text)
{
	char *place = lk_secret_reserve(text, 4096);
	ssize_t got = read(file, place, 4096);

	if (got < 0 && errno == EINTR)
		return read_some(file, text);
	if (got > 0)
		text->length += (size_t)got;
	text->text[text->length] = '\0';
	return got;
}

static int read_all(int file, const char *path, struct lk_secret *text, struct lk_complaint *ret_complaint)
{
	ssize_t got;

	do {
		got = read_some(file, text);
		if (got < 0)
			return lk_complain(ret_complaint, "%s: %s", path, strerror(errno));
	} while (got > 0 && text->length <= MOST_OCTETS);

	while (text->length && strchr("\r\n", text->text[text->length - 1]))
		text->text[--text->length] = '\0';
	return 0;
}

static int read_private(
	const char *path, bool is_credential, struct lk_secret *ret_text, struct lk_complaint *ret_complaint)
{
	struct lk_secret text = {0};
	/* Without O_NONBLOCK a FIFO in its place would stop us before fstat() could refuse it. */
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (file < 0)
		return lk_complain(ret_complaint, "%s: %s", path, strerror(errno));
	int result = check(file, path, is_credential, ret_complaint);
	if (result == 0)
		result = read_all(file, path, &text, ret_complaint);
	close(file);
	if (result < 0)
		lk_secret_wipe(&text);
	else
		*ret_text = text;
	return result;
}

int lk_private_file_read(const char *path, struct lk_secret *ret_text, struct lk_complaint *ret_complaint)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char place[PATH_MAX];

	if (strchr(path, '/'))
		return read_private(path, false, ret_text, ret_complaint);
	if (!credentials)
		return lk_complain(ret_complaint,
			"%s is no path, so it names a credential of the service; systemd has given us none (LoadCredential=)",
			path);
	if ((size_t)snprintf(place, sizeof place, "%s/%s", credentials, path) >= sizeof place)
		return lk_complain(ret_complaint, "%s: %s", path, strerror(ENAMETOOLONG));
	return read_private(place, true, ret_text, ret_complaint);
}
