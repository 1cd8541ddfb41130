/* Errors of the protocol library: 0 is success, everything else is one of these negative codes. */
#pragma once

enum lk_error {
	LK_OK = 0,
	LK_ERR_MALFORMED = -1, /* not in the documented form, or octets follow its end */
	LK_ERR_TOO_LONG = -2, /* a field exceeds its documented bound */
	LK_ERR_NOT_UTF8 = -3, /* a text field is not valid UTF-8, or holds a control character */
	LK_ERR_NO_MEMORY = -4,
	LK_ERR_ADDRESS = -5, /* not exactly one plain mail address */
	LK_ERR_KEY = -6, /* not a key, or not one that fits */
	LK_ERR_SEALED = -7, /* a sealed message cannot be opened or does not belong to its id */
	LK_ERR_VERSION = -8, /* written by a version of Latchkey that this one does not know */
};

/* A short English text for ERROR; never NULL, static. */
const char *lk_strerror(int error);

/* Prepares libsodium. Call it once in a process, before anything else here; more often, and from several threads, does
 * no harm. LK_ERR_NO_MEMORY where the system gives no random numbers. */
int lk_protocol_init(void);
