/* olcLatchkeyKeyFile: the key under which one-time passwords' secrets are stored. It is read when it is configured, and
 * kept in memory that is not paged out. */
#include "overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/* It opens a secret of every user: its owner alone may read it. (root's slapcat reads the configuration of slapd's
 * user.) */
static bool is_private(int fd)
{
	bool roots_tool = (slapMode & SLAP_TOOL_MODE) && geteuid() == 0;
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) && !(st.st_mode & 077) &&
		   (st.st_uid == geteuid() || st.st_uid == 0 || roots_tool);
}

static const char *read_key(const char *path, unsigned char ret_key[LK_KEY_BYTES])
{
	char text[LK_KEY_TEXT + 2];
	struct berval value = {0, text};
	ssize_t length;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), rc;

	if (fd < 0)
		return errno == ENOENT ? "there is no such key file" : "the key file cannot be opened";
	if (LK_GUARD("key-file-private", !is_private(fd))) {
		close(fd);
		return "the key file must be a regular file of mode 0600 that belongs to slapd's user";
	}
	length = read(fd, text, sizeof text);
	close(fd);
	if (length > 0 && text[length - 1] == '\n')
		length--;
	value.bv_len = length > 0 ? (ber_len_t)length : 0;
	rc = lk_key_parse(&value, ret_key);
	sodium_memzero(text, sizeof text);
	return rc == LK_OK ? NULL : "the key file does not hold one key of 44 characters (base64)";
}

const char *lk_key_file_load(const char *path, unsigned char **ret_key)
{
	unsigned char *key = sodium_malloc(LK_KEY_BYTES);
	const char *problem = key ? read_key(path, key) : "there is no memory for the key that is kept from paging";

	if (problem) {
		sodium_free(key);
		return problem;
	}
	sodium_mprotect_readonly(key);
	*ret_key = key;
	return NULL;
}
