#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "key.h"

G_STATIC_ASSERT(LK_KEY_BYTES == LK_WEB_KEY_BYTES);

/* A group's rights are the mask of an access list where systemd gives a credential to the user of a service. */
static int check(int file, const char *path, bool is_credential, struct lk_web_complaint *complaint)
{
	mode_t others = is_credential ? 07 : 077;
	struct stat status;

	if (fstat(file, &status) < 0)
		return lk_web_complain(complaint, "%s: %s", path, g_strerror(errno));
	if (!S_ISREG(status.st_mode))
		return lk_web_complain(complaint, "%s is not a regular file", path);
	if (status.st_uid != geteuid() && status.st_uid != 0)
		return lk_web_complain(complaint, "%s belongs neither to the user who runs this nor to root", path);
	if ((status.st_mode & others) != 0)
		return lk_web_complain(complaint, "%s can be used by others; run: chmod 600 %s", path, path);
	return 0;
}

static int read_key(int file, const char *path, unsigned char *ret_key, struct lk_web_complaint *complaint)
{
	char text[LK_KEY_TEXT + 3];
	ssize_t length = read(file, text, sizeof text);
	struct berval typed = {0, text};

	for (typed.bv_len = length < 0 ? 0 : (size_t)length; typed.bv_len > 0; typed.bv_len--)
		if (strchr("\r\n", text[typed.bv_len - 1]) == NULL)
			break;
	int error = lk_key_parse(&typed, ret_key);
	sodium_memzero(text, sizeof text);
	if (error == LK_OK)
		return 0;
	return lk_web_complain(complaint, "%s holds no key; make one: head -c 32 /dev/urandom | base64 > %s", path, path);
}

static int read_file(const char *path, bool is_credential, unsigned char *ret_key, struct lk_web_complaint *complaint)
{
	/* Without O_NONBLOCK a FIFO in its place would stop us before fstat() could refuse it. */
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (file < 0)
		return lk_web_complain(complaint, "%s: %s", path, g_strerror(errno));
	int result = check(file, path, is_credential, complaint);
	if (result == 0)
		result = read_key(file, path, ret_key, complaint);
	close(file);
	return result;
}

int lk_web_key_load(
	const struct lk_web_config *config, unsigned char ret_key[LK_WEB_KEY_BYTES], struct lk_web_complaint *ret_complaint)
{
	const char *credentials = g_getenv("CREDENTIALS_DIRECTORY");

	if (config->key_file == NULL) {
		randombytes_buf(ret_key, LK_WEB_KEY_BYTES);
		return 0;
	}
	if (strchr(config->key_file, '/') != NULL)
		return read_file(config->key_file, false, ret_key, ret_complaint);
	if (credentials == NULL)
		return lk_web_complain(ret_complaint,
			"%s is no path, so it names a credential of the service; systemd has given us none (LoadCredential=)",
			config->key_file);
	char *path = g_build_filename(credentials, config->key_file, NULL);
	int result = read_file(path, true, ret_key, ret_complaint);
	g_free(path);
	return result;
}
