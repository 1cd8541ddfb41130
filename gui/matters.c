#include "matters.h"

#include <string.h>

static bool is(const char *text, const char *name)
{
	return strcmp(text, name) == 0;
}

bool lk_matter_may_go_elsewhere(const struct lk_account_message *message)
{
	return is(message->kind, "temporaryPassword") || is(message->kind, "welcome");
}

static bool signs_in(const struct lk_account_message *message)
{
	return lk_matter_may_go_elsewhere(message) || is(message->kind, "resetCode") || is(message->kind, "welcomeCode");
}

/* The failed ones of which nothing has come are the newest of them. */
static bool failed_for_good(const struct lk_account *account, size_t index)
{
	size_t newer = 0;

	for (size_t i = index + 1; i < account->messages_count; i++)
		newer += is(account->messages[i].state, "failed");
	return newer < account->messages_failed;
}

static enum lk_matter_kind kind_of(const struct lk_account *account, size_t index)
{
	const struct lk_account_message *message = &account->messages[index];

	if (is(message->state, "failed"))
		return failed_for_good(account, index) ? LK_MATTER_FAILED : LK_MATTER_KINDS;
	if (is(message->state, "deferred"))
		return LK_MATTER_DEFERRED;
	return is(message->state, "queued") ? LK_MATTER_WAITING : LK_MATTER_KINDS;
}

static const struct lk_account_message *newest_to_sign_in(const struct lk_account *account)
{
	for (size_t i = account->messages_count; i > 0; i--) {
		if (signs_in(&account->messages[i - 1]))
			return &account->messages[i - 1];
	}
	return NULL;
}

/* A temporary password whose mail has not gone out is followed up by its mail. */
static enum lk_matter_kind kind_of_temporary(
	const struct lk_account *account, const struct lk_account_message *message, time_t now)
{
	if (account->temporary_until == 0)
		return LK_MATTER_KINDS;
	if (account->temporary_until <= now)
		return LK_MATTER_LAPSED;
	if (message != NULL && !is(message->state, "sent"))
		return LK_MATTER_KINDS;
	return account->temporary_until - now < LK_MATTER_LAPSING_SECONDS ? LK_MATTER_LAPSING : LK_MATTER_UNCHANGED;
}

size_t lk_matters_of(const struct lk_person *person, time_t now, struct lk_matter *matters, size_t limit)
{
	const struct lk_account *account = person->account;
	const struct lk_account_message *sign_in = newest_to_sign_in(account);
	enum lk_matter_kind kind = kind_of_temporary(account, sign_in, now);
	size_t count = 0;

	if (kind != LK_MATTER_KINDS && count < limit)
		matters[count++] = (struct lk_matter){kind, sign_in};
	for (size_t i = account->messages_count; i > 0 && count < limit; i--) {
		kind = kind_of(account, i - 1);
		if (kind != LK_MATTER_KINDS)
			matters[count++] = (struct lk_matter){kind, &account->messages[i - 1]};
	}
	return count;
}
