#include "client-account.h"

#include <glib.h>
#include <string.h>

#include "error.h"
#include "message.h"
#include "text.h"

/* How ppolicy writes "until an administrator opens it". */
#define LOCKED_FOR_GOOD "000001010000Z"

static bool text_is(const struct berval *value, const char *text)
{
	return value->bv_val != NULL && value->bv_len == strlen(text) && memcmp(value->bv_val, text, value->bv_len) == 0;
}

/* GeneralizedTime with or without a fraction, which ppolicy writes in some attributes; 0 for anything else. */
static time_t read_time(const struct berval *value)
{
	if (value->bv_val == NULL || value->bv_len < LK_TIME_TEXT)
		return 0;

	char whole[LK_TIME_TEXT + 1];
	memcpy(whole, value->bv_val, LK_TIME_TEXT);
	whole[LK_TIME_TEXT] = '\0';
	if (strchr(".,", whole[LK_TIME_TEXT - 1]) != NULL && value->bv_val[value->bv_len - 1] == 'Z')
		whole[LK_TIME_TEXT - 1] = 'Z';
	else if (value->bv_len != LK_TIME_TEXT)
		return 0;

	time_t when = 0;
	struct berval text = {.bv_len = LK_TIME_TEXT, .bv_val = whole};
	return lk_time_parse(&text, &when) == LK_OK ? when : 0;
}

static bool is_closed(const struct lk_account_facts *facts, time_t now)
{
	time_t starts = read_time(&facts->starts), ends = read_time(&facts->ends);

	return text_is(&facts->locked, LOCKED_FOR_GOOD) || (starts != 0 && now < starts) || (ends != 0 && now >= ends);
}

/* ppolicy leaves pwdAccountLockedTime where it is when the lock runs out, until the next sign-in. */
static bool is_locked(const struct lk_account_facts *facts, time_t now)
{
	if (facts->usability.known && facts->usability.usable)
		return false;
	if (facts->usability.known && facts->usability.inactive)
		return true;
	return facts->locked.bv_val != NULL && read_time(&facts->locked) <= now;
}

static void judge_lock(const struct lk_account_facts *facts, time_t now, struct lk_account *account)
{
	account->locked = read_time(&facts->locked);
	if (is_closed(facts, now)) {
		account->lock = LK_ACCOUNT_CLOSED;
		return;
	}
	if (!is_locked(facts, now))
		return;
	account->lock = LK_ACCOUNT_LOCKED;
	if (facts->usability.inactive && facts->usability.unlocks_in > 0)
		account->unlocks = now + facts->usability.unlocks_in;
}

/* ppolicy of 2.5 never sets the control's "expired". An account that is neither usable nor locked has an expired
 * password; so has a locked one that counts grace sign-ins. */
static void judge_expiry(const struct lk_account_facts *facts, time_t now, struct lk_account *account)
{
	const struct lk_usability *usability = &facts->usability;

	account->grace = -1;
	if (!usability->known)
		return;
	if (usability->usable) {
		account->expiry_known = true;
		account->expires = usability->expires_in < 0 ? 0 : now + usability->expires_in;
		return;
	}
	account->expired = account->lock == LK_ACCOUNT_OPEN || usability->grace >= 0;
	account->expiry_known = account->expired;
	account->grace = usability->grace;
}

void lk_account_judge(const struct lk_account_facts *facts, time_t now, struct lk_account *account)
{
	judge_lock(facts, now, account);
	judge_expiry(facts, now, account);
	account->must_change = text_is(&facts->reset, "TRUE");
	account->changed = read_time(&facts->changed);
	account->blocked = facts->blocked.bv_val != NULL;
	account->blocked_since = read_time(&facts->blocked);
	account->temporary_until = read_time(&facts->temporary);
}

/* NULL for what is no DN. */
static char *fold_dn(const char *text)
{
	LDAPDN dn = NULL;
	char *spelled = NULL, *folded = NULL;

	if (ldap_str2dn(text, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS)
		ldap_dn2str(dn, &spelled, LDAP_DN_FORMAT_LDAPV3);
	if (spelled != NULL)
		folded = g_utf8_casefold(spelled, -1);
	ldap_memfree(spelled);
	ldap_dnfree(dn);
	return folded;
}

bool lk_account_is_named(const char *dn, const char *other)
{
	char *one = fold_dn(dn), *two = fold_dn(other);
	bool same = one != NULL && two != NULL && strcmp(one, two) == 0;

	g_free(one);
	g_free(two);
	return same;
}

static struct lk_account_message copy_message(const struct lk_message *message)
{
	return (struct lk_account_message){
		.id = g_strdup(message->id),
		.kind = g_strdup(lk_kind_name(message->kind)),
		.state = g_strdup(lk_state_name(message->state)),
		.tries = message->tries,
		.created = message->created,
		.due = message->due,
		.expires = message->expires,
		.language = g_strdup(message->lang),
		.to = g_strdup(message->to),
		.actor = g_strdup(message->actor),
		.answer = g_strdup(message->answer),
	};
}

static int compare_age(const void *a, const void *b)
{
	const struct lk_account_message *one = a, *other = b;

	if (one->created != other->created)
		return one->created < other->created ? -1 : 1;
	return strcmp(one->id, other->id);
}

void lk_account_read_messages(const struct berval *const *values, size_t count, struct lk_account *account)
{
	struct lk_account_message *messages = g_new0(struct lk_account_message, count);
	size_t read = 0;

	for (size_t i = 0; i < count; i++) {
		struct lk_message message;
		if (lk_message_parse(values[i], &message) == LK_OK)
			messages[read++] = copy_message(&message);
	}
	if (read > 0)
		qsort(messages, read, sizeof *messages, compare_age);
	account->messages = messages;
	account->messages_count = read;
	account->damaged = count - read;
}

static void clear_message(struct lk_account_message *message)
{
	g_free(message->id);
	g_free(message->kind);
	g_free(message->state);
	g_free(message->language);
	g_free(message->to);
	g_free(message->actor);
	g_free(message->answer);
}

void lk_client_account_free(struct lk_account *account)
{
	if (account == NULL)
		return;
	for (size_t i = 0; i < account->messages_count; i++)
		clear_message(&account->messages[i]);
	g_free(account->messages);
	lk_account_free_events(account);
	g_free(account->dn);
	g_free(account->login);
	g_free(account->name);
	g_free(account->policy);
	g_free(account->verdict);
	g_free(account);
}
