/* One account as the directory shows it to who is signed in: liblatchkey's view of its state, and what tells people apart. Plain
 * values that travel from the worker thread to the main loop. */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "latchkey.h"

#define LK_UUID_SIZE 16

/* Each is shown on a line of its own, and nothing keeps a directory from having thousands. */
#define LK_PERSON_MOST_ADDRESSES 50

/* What somebody may do for others, under whichever policy: the most of it. */
enum lk_role {
	LK_ROLE_NOBODYS, /* nothing, or not to be told to the reader */
	LK_ROLE_OF_AUDITOR,
	LK_ROLE_OF_PASSWORD_ADMIN,
	LK_ROLE_OF_GLOBAL_ADMIN,
};

struct lk_person {
	struct lk_account *account; /* never NULL */
	unsigned char uuid[LK_UUID_SIZE]; /* entryUUID; all zero where it is not told */
	char *mail; /* these are cleaned for display (text.h), "" where there is nothing */
	char *department;
	char *title;
	char *number;
	char *phone;
	char **addresses; /* of recovery, ended by NULL; as the directory has them, LK_PERSON_MOST_ADDRESSES at most */
	unsigned more_addresses; /* so many are left out of them */
	char **methods; /* latchkeyMethodState, the same */
	enum lk_role role;
	char *language; /* preferredLanguage as the directory has it; "" for none */
	time_t last_sign_in; /* 0: unknown */
};

/* Reads ENTRY, which LD has received. Never NULL. */
struct lk_person *lk_person_read(LDAP *ld, LDAPMessage *entry);

/* The entryUUID of ENTRY alone, as LK_UUID_SIZE octets in RET_UUID, which stays as it is where the entry has none. */
void lk_person_read_uuid(LDAP *ld, LDAPMessage *entry, unsigned char *ret_uuid);

/* Takes NULL. */
void lk_person_free(struct lk_person *person);

/* The attributes that make a person in a list, and those that its details need on top; ended by NULL. */
extern const char *const lk_person_list_attributes[];
extern const char *const lk_person_detail_attributes[];

/* What is to be said first of an account: the states in the order of their weight. */
enum lk_state {
	LK_PERSON_BLOCKED,
	LK_PERSON_LOCKED,
	LK_PERSON_CLOSED,
	LK_PERSON_TEMPORARY, /* a temporary password that has not been changed yet */
	LK_PERSON_MUST_CHANGE,
	LK_PERSON_EXPIRED,
	LK_PERSON_EXPIRING,
	LK_PERSON_NO_ADDRESS, /* neither a recovery address nor a mailbox */
	LK_PERSON_NORMAL,
};

/* "Expiring" is within this time. */
#define LK_PERSON_EXPIRING_SECONDS (14 * 24 * 3600)

/* Pure. */
enum lk_state lk_person_state(const struct lk_person *person, time_t now);

/* The newest message, or NULL. */
const struct lk_account_message *lk_person_last_message(const struct lk_person *person);

/* The name that a list shows: display name, else login, else DN; never NULL and as the directory has it. */
const char *lk_person_name(const struct lk_person *person);

/* For hash tables whose keys are UUIDs of LK_UUID_SIZE octets. */
unsigned lk_uuid_hash(const void *uuid);
int lk_uuid_equal(const void *one, const void *other);
