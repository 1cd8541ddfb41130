/* Texts of the protocol library's errors, and its start. */
#include "error.h"

#include <sodium.h>

const char *lk_strerror(int error)
{
	switch (error) {
	case LK_OK:
		return "success";
	case LK_ERR_MALFORMED:
		return "not in the documented form";
	case LK_ERR_TOO_LONG:
		return "a field is too long";
	case LK_ERR_NOT_UTF8:
		return "a text is not UTF-8 or holds a control character";
	case LK_ERR_NO_MEMORY:
		return "out of memory";
	case LK_ERR_ADDRESS:
		return "not exactly one plain mail address";
	case LK_ERR_KEY:
		return "not a key, or not one that fits";
	case LK_ERR_SEALED:
		return "a sealed message is damaged or belongs to another";
	case LK_ERR_VERSION:
		return "written by an unknown version of Latchkey";
	default:
		return "unknown error";
	}
}

int lk_protocol_init(void)
{
	return sodium_init() < 0 ? LK_ERR_NO_MEMORY : LK_OK;
}
