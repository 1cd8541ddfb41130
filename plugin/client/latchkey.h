/* liblatchkey: what an application needs to let people back into their accounts, over an LDAP connection that it
 * already has. The directory decides; this library only asks and reads the answers.
 *
 * Connection. Each function works on the caller's LDAP handle (protocol version 3) and leaves its options alone, so
 * TLS, timeouts (LDAP_OPT_TIMEOUT bounds every wait here) and the bind are the caller's business. The directory
 * refuses codes and passwords on a connection that is neither protected nor local, but by then they have travelled:
 * check first. libldap may raise SIGPIPE where a connection has gone; programs ignore it. Passwords also pass through
 * buffers of libldap, which it does not erase.
 *
 * Threads. All functions are synchronous and keep no state of their own; they may run in any thread, but only one
 * at a time on one handle, as libldap itself asks. Nothing goes on in the background.
 *
 * Text. Strings are NUL-terminated UTF-8. Passwords and the names of users are brought into Unicode's normalization
 * form C before they are sent, so that a Hangul syllable typed as letters is the same password everywhere.
 *
 * Errors. Functions return an LDAP result code: LDAP_SUCCESS, one that the directory answered (positive), or one of
 * libldap's own (negative). The handle keeps the code (LDAP_OPT_RESULT_CODE) and the directory's words, which
 * lk_client_diagnostic() copies. Of this library itself are
 *     LDAP_PARAM_ERROR     an argument is missing, empty or longer than the protocol allows: nothing was sent
 *     LDAP_ENCODING_ERROR  an argument is not UTF-8, or holds a control character: nothing was sent
 *     LDAP_DECODING_ERROR  the answer cannot be understood; what was asked for may have happened
 * Output arguments are named ret_… and stay untouched unless the function returns LDAP_SUCCESS.
 *
 * Secrets. Copies that the library makes of passwords and codes are erased before they are freed. */
#pragma once

#include <ldap.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define LK_CLIENT_API __attribute__((visibility("default")))
#else
#define LK_CLIENT_API
#endif

/* A copy of what the directory said about the last operation on LD (English, for logs and experts), or NULL where it
 * said nothing. Free it with ldap_memfree(). */
LK_CLIENT_API char *lk_client_diagnostic(LDAP *ld);

/* ---- Recovery: for people who cannot sign in; no bind is needed ---- */

/* Asks for a code for USER (what they sign in with, or a DN), to be mailed in the language LOCALE (an RFC 5646 tag
 * such as "ko-KR"; NULL lets the directory choose). The answer is the same whether or not such a user exists. */
LK_CLIENT_API int lk_client_recovery_request(LDAP *ld, const char *user, const char *locale);

enum lk_client_method {
	LK_CLIENT_METHOD_MAIL = 0, /* the code that lk_client_recovery_request() had mailed */
	LK_CLIENT_METHOD_TOTP = 1, /* what the authenticator app shows */
	LK_CLIENT_METHOD_RECOVERY_CODE = 2, /* a printed recovery code */
};

#define LK_CLIENT_PROOFS_MAX 4

struct lk_client_proof {
	enum lk_client_method method;
	const char *proof; /* as the person typed it */
};

/* Ends the recovery of USER with COUNT proofs (1 to LK_CLIENT_PROOFS_MAX). NEW_PASSWORD replaces the password; NULL
 * keeps it, and only lifts a lock that came from failed sign-ins.
 * LDAP_INVALID_CREDENTIALS: for every wrong, old or spent proof, and for users who do not exist or may not recover.
 * LDAP_CONSTRAINT_VIOLATION: the proofs are right and stay good, but the password policy refuses NEW_PASSWORD.
 * LDAP_UNWILLING_TO_PERFORM: the password has expired, so NEW_PASSWORD is needed.
 * LDAP_BUSY: too many are trying; again in a moment. LDAP_CONFIDENTIALITY_REQUIRED: the connection is in the clear. */
LK_CLIENT_API int lk_client_recovery_complete(
	LDAP *ld, const char *user, const struct lk_client_proof *proofs, size_t count, const char *new_password);

/* Of which method TYPED is by its form: a printed recovery code by its 24 letters and digits, what an authenticator app
 * shows by its six digits, anything else a mailed code. For programs that ask for "your code" without asking which. */
LK_CLIENT_API enum lk_client_method lk_client_method_of(const char *typed);

enum lk_client_typed_kind {
	LK_CLIENT_TYPED_NOTHING, /* empty, or nothing but spaces */
	LK_CLIENT_TYPED_MAILED, /* a code as mails have it */
	LK_CLIENT_TYPED_PRINTED, /* a printed recovery code */
	LK_CLIENT_TYPED_TOTP, /* six digits */
	LK_CLIENT_TYPED_TEMPORARY, /* a temporary password: to sign in with, no code */
	LK_CLIENT_TYPED_SEVERAL, /* a text with different codes in it */
	LK_CLIENT_TYPED_UNKNOWN, /* anything else */
};

#define LK_CLIENT_TYPED_TEXT_MAX 29

struct lk_client_typed {
	enum lk_client_typed_kind kind;
	char code[LK_CLIENT_TYPED_TEXT_MAX + 1]; /* as it is written in mails and on paper; empty where there is none */
	bool from_hangul; /* it was typed with a Korean input method left on: say so */
	bool from_text; /* it was found within more, a whole mail for instance */
	size_t symbols; /* with LK_CLIENT_TYPED_UNKNOWN: of how many letters and digits it consisted */
};

/* Finds the code in TYPED, whatever people type or paste where one is asked for: with other spaces, dashes or quotes,
 * in full-width letters, as Hangul (the keys of a 2-beolsik keyboard), or with the whole mail around it. Never fails,
 * asks nobody. Whoever has *ret_typed erases it. */
LK_CLIENT_API void lk_client_typed_read(const char *typed, struct lk_client_typed *ret_typed);

/* The Latin letters that were meant where the name TYPED has Hangul letters that stand alone, as a Korean input method
 * gives them for Latin ones and no name has them ("ㅏㅑㅡ" for "kim"); otherwise NULL. Free it with ldap_memfree(). */
LK_CLIENT_API char *lk_client_typed_keys(const char *typed);

/* ---- Users who know their password ---- */

/* The DN of USER, a DN or a value of uid or mail, as lk_client_status() finds them: for whoever LD is bound as. Free
 * *ret_dn with ldap_memfree(). LDAP_NO_SUCH_OBJECT, LDAP_MORE_RESULTS_TO_RETURN: as there. */
LK_CLIENT_API int lk_client_find(LDAP *ld, const char *user, const char *base, char **ret_dn);

/* Binds as DN with a password in the form in which passwords are set. LDAP_PARAM_ERROR: one of them is empty.
 * LDAP_INVALID_CREDENTIALS: wrong, locked or expired. */
LK_CLIENT_API int lk_client_sign_in(LDAP *ld, const char *dn, const char *password);

/* Changes the password of whoever LD is bound as, also where that is the only thing that the directory lets them do.
 * LDAP_CONSTRAINT_VIOLATION: the password policy refuses it. LDAP_UNWILLING_TO_PERFORM: OLD_PASSWORD is wrong. */
LK_CLIENT_API int lk_client_change_password(LDAP *ld, const char *old_password, const char *new_password);

/* ---- Ways back in: for users, bound as themselves ----
 *
 * LDAP_UNWILLING_TO_PERFORM: the policy of the account does not use this method, or no policy governs it.
 * LDAP_INSUFFICIENT_ACCESS: the caller acts for somebody else, or has to change a temporary password first.
 * LDAP_BUSY: the entry was changed at the same time; again. LDAP_STRONG_AUTH_REQUIRED: nobody is signed in. */

/* Has a code sent to ADDRESS, which becomes a recovery address when lk_client_address_prove() has shown it: a mail
 * address, or a telephone number (tel:+82-10-1234-5678) where the site's mailer reaches those. Another call takes the
 * place of the one before. LOCALE is as in lk_client_recovery_request(). LDAP_INVALID_SYNTAX: neither one plain mail
 * address nor such a number. LDAP_TYPE_OR_VALUE_EXISTS: it is one already. LDAP_ADMINLIMIT_EXCEEDED: too many such
 * mails in an hour. */
LK_CLIENT_API int lk_client_address_add(LDAP *ld, const char *address, const char *locale);

/* LDAP_INVALID_CREDENTIALS: the code is wrong, too old or used. */
LK_CLIENT_API int lk_client_address_prove(LDAP *ld, const char *code);

struct lk_client_totp {
	char *secret; /* to be typed into the app: base32 */
	char *uri; /* otpauth://…, to be shown as a picture or opened */
	char *issuer; /* the organization, as the app will show it; or "" */
	char *account; /* the login name, the same */
};

/* Makes a secret for an authenticator app (SHA-1, six digits, thirty seconds). It counts when lk_client_totp_finish()
 * has shown the app's first value, within a quarter of an hour; until then an older app goes on counting. It cannot be
 * had again. Free *ret_totp with lk_client_totp_free(). */
LK_CLIENT_API int lk_client_totp_begin(LDAP *ld, struct lk_client_totp **ret_totp);

/* LDAP_INVALID_CREDENTIALS: VALUE is not what the app shows for the new secret. */
LK_CLIENT_API int lk_client_totp_finish(LDAP *ld, const char *value);

/* Erases the secret; takes NULL. */
LK_CLIENT_API void lk_client_totp_free(struct lk_client_totp *totp);

/* Makes recovery codes to be printed, in place of those made before. They cannot be had again. *ret_codes ends with
 * NULL; free it with lk_client_codes_free(). */
LK_CLIENT_API int lk_client_codes_new(LDAP *ld, char ***ret_codes);

/* Erases the codes; takes NULL. */
LK_CLIENT_API void lk_client_codes_free(char **codes);

/* "That was not me": voids mailed codes, and what waits for a first proof. The global administrators are told, once a
 * day at most. */
LK_CLIENT_API int lk_client_report_misuse(LDAP *ld);

/* ---- Reset: for administrators, bound as themselves ---- */

struct lk_reset_options {
	const char *new_password; /* NULL: the directory makes one */
	bool notify; /* queue a mail to the user; to, locale and conceal need it */
	const char *to; /* where the user can be reached; NULL: the address on record */
	const char *locale; /* of the mail, RFC 5646; NULL: the user's own */
	bool must_change; /* ask for a new password at the next sign-in */
	bool conceal; /* a generated password reaches the user alone, not the caller */
	const char *reason; /* kept with the event; or NULL */
	const char *ticket; /* the same */
};

/* clang-format off */
#define LK_RESET_OPTIONS_INIT {.notify = true, .must_change = true}
/* clang-format on */

/* Without notify, and with neither reason nor ticket nor must_change set to false, the directory says no more than the
 * password. */
struct lk_reset_result {
	char *password; /* the generated one; NULL where there is none, or it was concealed */
	char *id; /* the mail's, as in struct lk_account_message; or NULL */
	time_t expires; /* the password or code works until then; 0: it does not expire by itself */
	bool must_change; /* the directory will ask for a change at the next sign-in */
	bool code; /* a code was mailed, with which the user chooses a password: none works until then */
};

/* Gives USER (login name or DN) a temporary password. The mail that says so is stored in the same write: after
 * LDAP_SUCCESS both exist, after an error of the directory neither does. OPTIONS may be NULL for LK_RESET_OPTIONS_INIT.
 * Without notify, to, locale and conceal must be as LK_RESET_OPTIONS_INIT has them (LDAP_PARAM_ERROR).
 * Free *ret_result with lk_client_reset_result_free().
 * LDAP_UNWILLING_TO_PERFORM: a rule forbids it, for instance where users recover by themselves only.
 * LDAP_INSUFFICIENT_ACCESS: the caller has no role here, or USER stands above it. LDAP_CONSTRAINT_VIOLATION: the
 * password policy refuses new_password. LDAP_NO_SUCH_OBJECT: no such user. LDAP_CONFIDENTIALITY_REQUIRED.
 * LDAP_UNAVAILABLE_CRITICAL_EXTENSION: this directory does not have Latchkey. */
LK_CLIENT_API int lk_client_reset(
	LDAP *ld, const char *user, const struct lk_reset_options *options, struct lk_reset_result **ret_result);

/* Called after each reset of lk_client_reset_each(): RC is as lk_client_reset() returns it, and RESULT NULL where it is
 * not LDAP_SUCCESS; lk_client_diagnostic() has the words about this one. RESULT is gone after the call. False: no more
 * of them. */
typedef bool lk_client_reset_done(void *data, const char *user, int rc, const struct lk_reset_result *result);

/* Resets each of USERS (ended by NULL) on its own, one after the other, and goes on after a failure. OPTIONS as for
 * lk_client_reset(); without new_password and to (LDAP_PARAM_ERROR), which are for one user. LDAP_SUCCESS: DONE has
 * been told of all, or wanted no more. */
LK_CLIENT_API int lk_client_reset_each(
	LDAP *ld, const char *const *users, const struct lk_reset_options *options, lk_client_reset_done *done, void *data);

/* Adds the entry DN with ATTRIBUTES (as ldap_add_ext() takes them) and without a password, and welcomes its user in the
 * same write: a temporary password, or where the policy wants it a code, is mailed to an address of the new entry, or
 * to OPTIONS->to. OPTIONS as for lk_client_reset(); with notify, and without new_password and conceal
 * (LDAP_PARAM_ERROR): nobody but the user sees the password. Free *ret_result with lk_client_reset_result_free().
 * LDAP_ALREADY_EXISTS: there is such an entry. LDAP_UNWILLING_TO_PERFORM: no address is known, or a rule forbids it.
 * LDAP_INSUFFICIENT_ACCESS: the caller has no role there, or may not add entries. LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
 * no policy governs the place. */
LK_CLIENT_API int lk_client_welcome(LDAP *ld, const char *dn, LDAPMod **attributes,
	const struct lk_reset_options *options, struct lk_reset_result **ret_result);

/* Erases the password; takes NULL. */
LK_CLIENT_API void lk_client_reset_result_free(struct lk_reset_result *result);

/* ---- What administrators do beside a reset, bound as themselves ----
 * LDAP_INSUFFICIENT_ACCESS: the caller has no role here, USER stands above it, or is the caller. LDAP_NO_SUCH_OBJECT:
 * no such user. LDAP_BUSY: again in a moment. LDAP_PROTOCOL_ERROR: this directory does not have Latchkey. */

/* Sends the message ID about USER (login name or DN) once more, as it is: to where it went, or, where it is a temporary
 * password or a welcome, to the address TO (or NULL).
 * LDAP_UNWILLING_TO_PERFORM: what it says no longer holds, or it may not go to TO. LDAP_NO_SUCH_OBJECT: no such user,
 * or no such message. LDAP_INVALID_SYNTAX: TO is not one plain mail address. */
LK_CLIENT_API int lk_client_resend(LDAP *ld, const char *user, const char *id, const char *to);

/* Lifts from USER (login name or DN) a block, and the lock of failed sign-ins. REASON and TICKET, or NULL, are kept
 * with the event. What is neither blocked nor locked is no error.
 * LDAP_UNWILLING_TO_PERFORM: a rule forbids it; users who recover by themselves only are unlocked by nobody else. */
LK_CLIENT_API int lk_client_unlock(LDAP *ld, const char *user, const char *reason, const char *ticket);

/* Closes every way to sign in as USER (login name or DN), also by recovery, until lk_client_unlock(). The password is
 * kept. REASON and TICKET as there. */
LK_CLIENT_API int lk_client_block(LDAP *ld, const char *user, const char *reason, const char *ticket);

/* ---- State of an account ---- */

enum lk_account_lock {
	LK_ACCOUNT_OPEN, /* not locked, or not to be told to the caller */
	LK_ACCOUNT_LOCKED, /* by failed sign-ins; account->unlocks says until when */
	LK_ACCOUNT_CLOSED, /* by an administrator: for good, or because its time has not begun or is over */
};

/* One mail about the account. Names are those of Latchkey's stored format.
 * Strings are never NULL; "" where there is nothing. */
struct lk_account_message {
	char *id; /* 32 hexadecimal digits */
	char *kind; /* recoveryCode, temporaryPassword, welcome, passwordChanged, addressProof, welcomeCode, resetCode,
				   passwordRecovered, accountUnlocked, credentialChanged, addressChanged, resentElsewhere, administratorReset,
				   passwordExpiring, deliveryFailed, misuseReported */
	char *state; /* queued, deferred, sent (a mail server has taken it), failed */
	unsigned tries;
	time_t created;
	time_t due; /* not sent before */
	time_t expires; /* of the secret inside, or of the password that a passwordExpiring tells of; 0: never */
	char *language;
	char *to;
	char *actor; /* DN of who asked for it; "": the user */
	char *answer; /* what the mail server said last */
};

/* One event of the account's trail. Names are those of Latchkey's stored format.
 * Strings are never NULL; "" where there is nothing. */
struct lk_account_event {
	time_t time;
	char *
		what; /* reset, recovery, recoveryKept, resend, unlock, block, refused, enrolment, welcome, misuse, credential, policy,
				 * group, move */
	char *rule; /* that decided; of an enrolment, what was enrolled: address, totp or codes */
	char *changed; /* the attributes that were written, separated by commas */
	char *actor; /* DN of who did it, or tried; "": the user, who recovered */
	char *client; /* where they sat, as slapd names it: IP=192.0.2.7 */
	char *reason;
	char *ticket;
};

/* What the directory lets the caller read; what it does not is as if it were not set. */
struct lk_account {
	char *dn;
	char *login; /* uid; or NULL */
	char *name; /* displayName, else cn; or NULL */
	char *policy; /* DN of the password policy named in the entry; or NULL: the default one */
	enum lk_account_lock lock;
	time_t locked; /* since; 0: unknown */
	time_t unlocks; /* 0: unknown, or an administrator has to */
	bool blocked; /* by an administrator, with lk_client_block() */
	time_t blocked_since; /* 0: unknown */
	bool must_change; /* at the next sign-in */
	time_t
		temporary_until; /* until when what the user was sent for signing in works, a temporary password or a code; 0: nothing
							 * was, or the user has chosen a password since */
	time_t changed; /* when the password was set; 0: unknown */
	bool expiry_known; /* whether the directory said when the password expires */
	bool expired;
	time_t expires; /* 0: never, or unknown */
	int grace; /* sign-ins left with the expired password; -1: unknown */
	struct lk_account_message *messages; /* oldest first */
	size_t messages_count;
	size_t messages_failed; /* of those that could not be delivered, how many nothing has come of yet */
	size_t damaged; /* stored messages that could not be read, and are left out */
	struct lk_account_event *events; /* newest first */
	size_t events_count;
	size_t events_damaged; /* the same of the trail */
	/* What would come of a reset by the caller: "allowed", or the name of the rule that forbids it. NULL: unknown, or
	 * the account is the caller's own. */
	char *verdict;
};

/* Finds USER, a DN or a value of uid or mail, and reads the state of the account. A name is looked for below BASE;
 * where that is NULL below the handle's default base (LDAP_OPT_DEFBASE); and without one, below all naming contexts.
 * Free *ret_account with lk_client_account_free().
 * LDAP_NO_SUCH_OBJECT: nobody, or nobody whom the caller may see. LDAP_MORE_RESULTS_TO_RETURN: several entries answer
 * to the name; use a DN. */
LK_CLIENT_API int lk_client_status(LDAP *ld, const char *user, const char *base, struct lk_account **ret_account);

/* For programs that search by themselves, lists for instance: what to ask for, ended by NULL and never to be freed. Of
 * these the verdict costs the directory some work for each entry; one may leave any of them out. The control
 * 1.3.6.1.4.1.42.2.27.9.5.8, sent with the search and not critical, adds what slapo-ppolicy knows of locks and
 * expiry. */
LK_CLIENT_API const char *const *lk_client_account_attributes(void);

/* Reads the state of an account from ENTRY, which LD has received; never NULL, and no request is made. `verdict` is
 * there for one's own account too. Free it with lk_client_account_free(). */
LK_CLIENT_API struct lk_account *lk_client_account_read(LDAP *ld, LDAPMessage *entry);

/* Takes NULL. */
LK_CLIENT_API void lk_client_account_free(struct lk_account *account);

/* ---- Delivery: for the mailer, bound as the identity that the configuration names ---- */

struct lk_notification {
	char *holder; /* DN of the entry that holds it */
	char *message; /* its stored state: protocol/message.h */
	struct berval sealed; /* what it says: protocol/envelope.h; any octets */
	struct berval entry_uuid; /* the holder's, 16 octets (RFC 4530); bv_val NULL where the directory keeps none */
};

/* Takes up to MOST (1 to 1000) due messages, for LEASE_SECONDS (1 to 3600) in which no other taker gets them.
 * *ret_items is an array of *ret_count, NULL for none; free it with lk_client_notifications_free().
 * LDAP_INSUFFICIENT_ACCESS: the caller is not the mailer. */
LK_CLIENT_API int lk_client_take(
	LDAP *ld, int most, int lease_seconds, struct lk_notification **ret_items, size_t *ret_count);

/* Takes NULL. */
LK_CLIENT_API void lk_client_notifications_free(struct lk_notification *items, size_t count);

struct lk_settling {
	const char *holder;
	const char *id; /* 32 hexadecimal digits */
	const char *state; /* deferred, sent or failed */
	const char *answer; /* of the mail server, at most 256 octets of UTF-8; NULL or "" for none */
	time_t retry_at; /* with deferred, 0 otherwise */
};

/* Reports what became of COUNT (1 to 1000) messages. *ret_results has an LDAP result code for each, in order; free it
 * with lk_client_results_free(). The function's own result speaks for the request as a whole. */
LK_CLIENT_API int lk_client_settle(LDAP *ld, const struct lk_settling *items, size_t count, int **ret_results);

/* Takes NULL. */
LK_CLIENT_API void lk_client_results_free(int *results);

/* What another host said later of a mail that a mail server had taken. */
struct lk_bounced {
	unsigned char entry_uuid[16]; /* of the entry that holds the message */
	unsigned char id[8]; /* the first octets of the message's id */
	unsigned char attempt; /* how often the message had been settled when it was taken, modulo 256 */
	bool failed; /* false: it is still being tried */
	const char *answer; /* at most 256 octets of UTF-8; NULL or "" for none */
};

/* Reports it. LDAP_BUSY: again in a moment, when the message has been settled. LDAP_NO_SUCH_OBJECT: the message is
 * there no longer, has been sent again since, or is known to have failed; nothing is written. */
LK_CLIENT_API int lk_client_bounce(LDAP *ld, const struct lk_bounced *bounced);

/* How the messages stand of which LD's identity is the mailer. */
struct lk_overview {
	unsigned failed; /* could not be delivered, and nothing has come of it since */
	unsigned open; /* queued or deferred, as far as this server knows */
	bool durable; /* what the directory has answered a power cut cannot undo */
};
LK_CLIENT_API int lk_client_overview(LDAP *ld, struct lk_overview *ret_overview);

#ifdef __cplusplus
}
#endif
