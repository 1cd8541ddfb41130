/* A policy, a value of each attribute of class latchkeyPolicy: as the overlay keeps it in memory, and its parser, pure,
 * given the values of the entry. What each value may be is in the tables of policy-entry.c, read by policy-values.h. */
#pragma once

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum lk_mode { LK_MODE_SELF_SERVICE_ONLY, LK_MODE_ADMIN_RESET };

#define LK_EXPIRY_DAYS_MOST 365
#define LK_EXPIRY_DAYS_LISTED 8 /* at most, of one policy */

/* The days before a password's expiry at which its owner is told, in ascending order. */
struct lk_expiry_days {
	unsigned days[LK_EXPIRY_DAYS_LISTED];
	size_t count;
};

/* A list of strings ended by one with bv_val NULL; NULL for an empty list. Each string and the list are malloc'd. */
typedef struct berval *lk_strings;

enum lk_policy_method { LK_POLICY_MAIL = 1 << 0, LK_POLICY_TOTP = 1 << 1, LK_POLICY_RECOVERY_CODE = 1 << 2 };

/* Of what somebody is told (latchkeyTell); all where it does not say. */
enum lk_policy_tell {
	LK_TELL_PASSWORD_CHANGED = 1 << 0, /* the user: the password, or what counts as one, is another */
	LK_TELL_ACCOUNT_UNLOCKED = 1 << 1, /* the user */
	LK_TELL_ADDRESS_CHANGED = 1 << 2, /* the user, at the addresses from before */
	LK_TELL_RESENT_ELSEWHERE = 1 << 3, /* the user: a password was sent to another address */
	LK_TELL_ADMINISTRATOR_RESET = 1 << 4, /* the other global administrators */
	LK_TELL_MISUSE_REPORTED = 1 << 5, /* the global administrators */
	LK_TELL_ALL = (1 << 6) - 1
};

#define LK_COOLDOWN 259200 /* three days */
#define LK_COOLDOWN_MAX 2592000 /* thirty */

struct lk_policy {
	struct berval dn; /* normalized, of the policy's entry */
	lk_strings scopes; /* normalized DNs */
	enum lk_mode mode;
	bool observe; /* log and count what would be refused, and let it through */
	lk_strings global_admins; /* normalized DNs of groups */
	lk_strings password_admins;
	lk_strings auditors;
	lk_strings login_attributes; /* default uid, mail */
	lk_strings address_attributes; /* default latchkeyRecoveryAddress, mail */
	lk_strings inside_domains;
	unsigned methods; /* of enum lk_policy_method; default mail alone; 0 where none that is named is known */
	int methods_required; /* 1 or 2; default 1; 2 where it is out of range */
	time_t code_lifetime; /* seconds, 60 to 86400; default 900 */
	time_t temporary_lifetime; /* seconds, 300 to 2592000 (30 days); default 86400 */
	time_t welcome_lifetime; /* seconds, 3600 to 7776000 (90 days); default 1209600 (14 days) */
	/* Seconds that an address which somebody else gave counts for nothing, 0 to LK_COOLDOWN_MAX; default
	 * LK_COOLDOWN. */
	time_t address_cooldown;
	int live_codes; /* 1 to 10; default 3 */
	int temporary_length; /* characters, 12 to 64; default 16 */
	/* Clean UTF-8 within the bounds of an envelope, NUL-terminated; empty where there is none. */
	struct berval language; /* language tag, RFC 5646; default en */
	struct berval time_zone; /* IANA name, e.g. Asia/Seoul; empty: UTC */
	struct berval organization;
	struct berval portal; /* an http or https URL */
	struct berval contact; /* one plain mail address, to whom it is told that messages have failed */
	struct berval exclude; /* an RFC 4515 filter, not parsed; empty where there is none */
	bool reason_required;
	bool reset_by_code; /* an administrator's reset sends a code, with which the user chooses a password */
	unsigned tell; /* of enum lk_policy_tell */
	struct lk_expiry_days
		expiry_days; /* before a password expires, when its owner is told; none where it does not say */
};

/* One attribute of a policy's entry: its name as the schema spells it (case does not count), and its values (normalized
 * where they are DNs), ended by one with bv_val NULL. NULL for no values. Other attributes are skipped. */
struct lk_policy_attribute {
	const char *name;
	const struct berval *values;
};

/* Called for each thing in a policy that cannot be taken as it stands: ATTRIBUTE, and a static sentence. */
typedef void lk_policy_warning(void *context, const char *attribute, const char *text);

/* Builds a policy. It never fails on bad values: what cannot be understood is warned of and replaced by what is
 * strictest (an unknown or missing or doubled latchkeyResetMode: self-service only; an unknown enforcement: enforce; a
 * list of which no value can be used: empty, so it opens nothing that was not asked for) or by the default (numbers out
 * of range). It also warns of what contradicts itself: no scope, more methods required than there are, administrators
 * who may reset where there are none. Of latchkeyTell, values that are not known leave out nothing. X-ORDERED prefixes
 * of latchkeyAddressAttribute ({0}, {1}, …) are followed and taken off. NULL only when memory is short. Free with
 * lk_policy_free(). */
struct lk_policy *lk_policy_parse(const struct berval *normalized_dn, const struct lk_policy_attribute *attributes,
	size_t attributes_count, lk_policy_warning *warn, void *context);

void lk_policy_free(struct lk_policy *policy); /* takes NULL */
