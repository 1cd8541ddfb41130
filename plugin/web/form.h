/* The fields of a posted form: application/x-www-form-urlencoded, as browsers write it (WHATWG URL, section 5). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Pointers into the octets that were read; NULL where a field was not sent. */
struct lk_web_form {
	char *token;
	char *user;
	char *code;
	char *second;
	char *old;
	char *new;
	char *repeated;
	char *go; /* which button */
	char *again; /* the form is to be shown again, in another language */
};

/* Decodes BODY, of LENGTH octets and one more, in place. False where it is no such form: an escape that is none, a NUL,
 * what is not UTF-8, or one of our fields twice. Fields that are not ours are passed over. */
bool lk_web_form_read(char *body, size_t length, struct lk_web_form *ret_form);
