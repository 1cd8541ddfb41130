/* The state of one message about a user, as it stands in a value of the attribute latchkeyMessage: readable text,
 * small, without any secret (what is to be said is sealed apart, see envelope.h).
 *
 *   value   = "1" 1*( SP field )                 ; "1" is the format's version
 *   field   = key "=" *text                      ; each key once, in any order; unknown keys are skipped
 *   text    = %x21-24 / %x26-7E / %x80-FF / "%" 2HEXDIG      ; UTF-8; SP, "%" and control characters are escaped
 *
 *   key       meaning                                                      bound
 *   id        32 lower-case hexadecimal digits; with the holder it names the message
 *   kind      a name of enum lk_kind                                       required
 *   state     a name of enum lk_state                                      required
 *   tries     how often the mailer has settled it, decimal                 0..999999; default 0
 *   created   GeneralizedTime (UTC, seconds)                               required
 *   due       GeneralizedTime: not to be sent before                       required
 *   expires   GeneralizedTime: when the secret inside dies, or when the    0 (absent): never
 *             message comes too late
 *   lang      language tag the mail is written in (RFC 5646)               required, LK_LOCALE_TEXT
 *   to        the mail address; where administrators are told of           required, LK_ADDRESS_MAX
 *             somebody else no address, since theirs are not for all who
 *             read this: of an administratorReset what its reader signs
 *             in with, of a misuseReported LK_ADMINISTRATORS
 *   actor     DN of who asked for it; absent for the user or a stranger    LK_DN_MAX
 *   answer    what the mail server said last                               LK_ANSWER_MAX
 *
 * Example:  1 id=00112233445566778899aabbccddeeff kind=temporaryPassword state=queued tries=0
 *           created=20261121050200Z due=20261121050200Z expires=20261122050200Z lang=ko to=kim@example.net
 * (one line). */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <time.h>

#define LK_ID_BYTES 16
#define LK_ID_TEXT 32
#define LK_UUID_BYTES 16 /* of the entryUUID of what holds the message (RFC 4530) */
#define LK_ADDRESS_MAX 254 /* RFC 5321 section 4.5.3.1.3 less the angle brackets */
#define LK_LOCALE_TEXT 35
#define LK_DN_MAX 1024
#define LK_ANSWER_MAX 256
#define LK_ADMINISTRATORS "administrators" /* users need not learn here who they are */

enum lk_kind {
	LK_KIND_RECOVERY_CODE, /* recoveryCode */
	LK_KIND_TEMPORARY_PASSWORD, /* temporaryPassword */
	LK_KIND_WELCOME, /* welcome */
	LK_KIND_PASSWORD_CHANGED, /* passwordChanged */
	LK_KIND_ADDRESS_PROOF, /* addressProof: the code that makes an address of the user's one for recovery */
	LK_KIND_WELCOME_CODE, /* welcomeCode: with which a new user chooses the first password */
	LK_KIND_RESET_CODE, /* resetCode: with which a user chooses one after an administrator's reset */
	/* What was done, without a secret; the actor of each is who did it, or none where it was the user. */
	LK_KIND_PASSWORD_RECOVERED, /* passwordRecovered: the user came back with a new password */
	LK_KIND_ACCOUNT_UNLOCKED, /* accountUnlocked: by an administrator, or by a recovery that kept the password */
	LK_KIND_CREDENTIAL_CHANGED, /* credentialChanged: what counts as a password beside it */
	LK_KIND_ADDRESS_CHANGED, /* addressChanged: to the addresses from before */
	LK_KIND_RESENT_ELSEWHERE, /* resentElsewhere: a password was sent to another address */
	LK_KIND_ADMINISTRATOR_RESET, /* administratorReset: to the other global administrators */
	LK_KIND_PASSWORD_EXPIRING, /* passwordExpiring: the password is about to stop working by its age, when the message expires */
	LK_KIND_DELIVERY_FAILED, /* deliveryFailed: to the contact of a policy, on whose entry it stands; no more is told of itself */
	LK_KIND_MISUSE_REPORTED, /* misuseReported: to the global administrators, by a user who did not do what was done */
	LK_KIND_COUNT
};

enum lk_state {
	LK_STATE_QUEUED = 0, /* queued */
	LK_STATE_DEFERRED = 1, /* deferred: failed for now, to be tried again at due */
	LK_STATE_SENT = 2, /* sent: a mail server has taken it */
	LK_STATE_FAILED = 3, /* failed for good */
	LK_STATE_COUNT
};

/* No pointer inside: copy it freely. Strings are NUL-terminated; "" where absent. */
struct lk_message {
	char id[LK_ID_TEXT + 1];
	enum lk_kind kind;
	enum lk_state state;
	unsigned tries;
	time_t created;
	time_t due;
	time_t expires; /* 0: never */
	char lang[LK_LOCALE_TEXT + 1];
	char to[LK_ADDRESS_MAX + 1];
	char actor[LK_DN_MAX + 1];
	char answer[LK_ANSWER_MAX + 1];
};

/* Names as they are stored and shown to programs; NULL for a value outside the enumeration. */
const char *lk_kind_name(enum lk_kind kind);
const char *lk_state_name(enum lk_state state);

/* Fills ID with 32 fresh random hexadecimal digits and a NUL. */
void lk_message_new_id(char ret_id[LK_ID_TEXT + 1]);

/* Whether the mailer still has something to do with it: queued or deferred. */
bool lk_message_is_open(const struct lk_message *message);

/* Whether it tells administrators of somebody else's account: where they get their mail is not for all who read
 * MESSAGE. */
bool lk_message_is_for_administrators(const struct lk_message *message);

/* Whether an administrator caused it and may have it sent again: its sealed text is kept until then. */
bool lk_message_may_be_resent(const struct lk_message *message);

/* Free ret_value->bv_val with ber_memfree(). What could not be read again is refused: LK_ERR_MALFORMED (a required
 * field is missing, a kind or state is none), LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, and LK_ERR_NO_MEMORY. */
int lk_message_format(const struct lk_message *message, struct berval *ret_value);

/* A text may hold control characters where they were escaped, but no NUL: whoever shows it has to mind them.
 * LK_ERR_MALFORMED, LK_ERR_TOO_LONG, LK_ERR_NOT_UTF8, LK_ERR_VERSION. */
int lk_message_parse(const struct berval *value, struct lk_message *ret_message);
