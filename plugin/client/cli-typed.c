#include "cli-typed.h"

#include <glib.h>
#include <glib/gi18n.h>
#include <string.h>

#include "cli-output.h"
#include "latchkey.h"

/* Where letters are missing or too many, it helps to know how many there were. */
#define SYMBOLS_LEAST 6
#define SYMBOLS_MOST 99

static bool is_miscounted(const struct lk_client_typed *typed)
{
	return typed->kind == LK_CLIENT_TYPED_UNKNOWN && typed->symbols >= SYMBOLS_LEAST &&
		   typed->symbols <= SYMBOLS_MOST && typed->symbols != 12 && typed->symbols != 24;
}

/* NULL where it may be a code. */
static const char *complaint_about_code(const struct lk_client_typed *typed)
{
	switch (typed->kind) {
	case LK_CLIENT_TYPED_SEVERAL:
		return _("There are several codes in what you pasted. Enter one of them alone, the one from the newest mail.");
	case LK_CLIENT_TYPED_TEMPORARY:
		return _("This is a temporary password, and no code. Sign in with it; you are asked for a new password then.");
	case LK_CLIENT_TYPED_TOTP:
		return _("Six digits are what an authenticator app shows. They count as the second proof; here goes the code "
				 "from the mail.");
	case LK_CLIENT_TYPED_NOTHING:
		return _("Enter the code from the mail, or a printed recovery code.");
	case LK_CLIENT_TYPED_UNKNOWN:
		return is_miscounted(typed) ? _("A code from a mail has 12 letters and digits, a printed one 24. This has "
										"{count}; compare it with "
										"the mail.")
									: _("This is no code. It looks like K7QF-2M9X-4TRB and has no U; it may help to "
										"copy it from the mail.");
	default:
		return NULL;
	}
}

static const char *complaint_about(enum lk_cli_typed wanted, const struct lk_client_typed *typed)
{
	bool is_code = typed->kind == LK_CLIENT_TYPED_MAILED || typed->kind == LK_CLIENT_TYPED_PRINTED;

	if (wanted == LK_CLI_TYPED_CODE)
		return complaint_about_code(typed);
	if (typed->kind == LK_CLIENT_TYPED_TOTP || (is_code && wanted == LK_CLI_TYPED_SECOND))
		return NULL;
	if (wanted == LK_CLI_TYPED_TOTP)
		return _("An authenticator app shows six digits. Type those that it shows now.");
	return _("An authenticator app shows six digits, and a printed recovery code has 24 letters and digits.");
}

static void complain(const char *complaint, size_t symbols)
{
	char count[24];

	g_snprintf(count, sizeof count, "%zu", symbols);
	lk_cli_complain(complaint, "count", count, NULL);
}

bool lk_cli_typed_take(enum lk_cli_typed wanted, struct lk_cli_secret *secret)
{
	struct lk_client_typed typed;

	lk_client_typed_read(secret->text, &typed);
	const char *complaint = complaint_about(wanted, &typed);
	if (complaint != NULL)
		complain(complaint, typed.symbols);
	if (typed.from_hangul && *typed.code != '\0')
		lk_cli_complain(_("The code was typed with the Korean input method on. It was understood as {code}."), "code",
			typed.code, NULL);
	if (*typed.code != '\0') {
		lk_cli_secret_clear(secret);
		secret->length = strlen(typed.code);
		memcpy(secret->text, typed.code, secret->length + 1);
	}
	explicit_bzero(&typed, sizeof typed);
	return complaint == NULL;
}
