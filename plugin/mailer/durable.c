#include "durable.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int file, const char *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(file, bytes, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		bytes += done;
		length -= (size_t)done;
	}
	return 0;
}

/* Closes FILE whatever happened, and keeps the first reason. */
static int finish(int file, int result)
{
	int reason = errno;

	if (close(file) < 0 && result == 0)
		return -1;
	errno = reason;
	return result;
}

int lk_durable_create(const char *path, const char *bytes, size_t length)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return -1;

	int result = write_all(file, bytes, length);
	if (result == 0)
		result = fsync(file);
	result = finish(file, result);
	if (result < 0) {
		int reason = errno;
		unlink(path);
		errno = reason;
	}
	return result;
}

int lk_durable_sync_directory(const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return directory < 0 ? -1 : finish(directory, fsync(directory));
}

int lk_durable_sync_parent(const char *path)
{
	char copy[PATH_MAX];

	if (strlen(path) >= sizeof copy) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return lk_durable_sync_directory(dirname(strcpy(copy, path)));
}
