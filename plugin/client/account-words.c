#include "account-words.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *describe(const char *const pairs[][2], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i][0], name) == 0)
			return _(pairs[i][1]);
	}
	return name;
}

const char *lk_words_kind(const char *kind)
{
	static const char *const kinds[][2] = {
		{"recoveryCode", N_("recovery code")},
		{"temporaryPassword", N_("temporary password")},
		{"welcome", N_("welcome")},
		{"passwordChanged", N_("password changed")},
		{"addressProof", N_("code to confirm an address")},
		{"welcomeCode", N_("welcome with a code")},
		{"resetCode", N_("code to choose a new password")},
		{"passwordRecovered", N_("new password by recovery")},
		{"accountUnlocked", N_("account unlocked")},
		{"credentialChanged", N_("key to the account changed")},
		{"addressChanged", N_("recovery addresses changed")},
		{"resentElsewhere", N_("password sent to another address")},
		{"administratorReset", N_("administrator’s password reset, to another administrator")},
		{"passwordExpiring", N_("password expires soon")},
		{"deliveryFailed", N_("mails could not be delivered, to the contact of a policy")},
		{"misuseReported", N_("report of misuse, to the administrators")},
	};

	return describe(kinds, G_N_ELEMENTS(kinds), kind);
}

const char *lk_words_delivery(const char *state)
{
	static const char *const states[][2] = {
		{"queued", N_("queued")},
		{"deferred", N_("deferred, to be tried again")},
		{"sent", N_("sent (a mail server has taken it)")},
		{"failed", N_("failed")},
	};

	return describe(states, G_N_ELEMENTS(states), state);
}

const char *lk_words_delivery_short(const char *state)
{
	static const char *const states[][2] = {
		{"queued", N_("queued")},
		{"deferred", N_("deferred")},
		{"sent", N_("sent")},
		{"failed", N_("failed")},
	};

	return describe(states, G_N_ELEMENTS(states), state);
}

const char *lk_words_event(const char *what, const char *rule)
{
	static const struct {
		const char *what, *rule, *words;
	} events[] = {
		{"reset", NULL, N_("password reset")},
		{"recovery", NULL, N_("recovery with a new password")},
		{"recoveryKept", NULL, N_("recovery, with the password kept")},
		{"resend", NULL, N_("mail sent again")},
		{"unlock", NULL, N_("unlocked")},
		{"block", NULL, N_("sign-in blocked")},
		{"refused", NULL, N_("an attempt was refused")},
		{"enrolment", "address", N_("a new recovery address")},
		{"enrolment", "totp", N_("a new authenticator app")},
		{"enrolment", "codes", N_("new recovery codes")},
		{"enrolment", NULL, N_("a new way of recovery")},
		{"welcome", NULL, N_("account created")},
		{"misuse", NULL, N_("misuse reported")},
		{"credential", NULL, N_("another way to sign in was changed")},
		{"policy", NULL, N_("the policy was changed")},
		{"group", NULL, N_("the role group was changed")},
		{"move", NULL, N_("moved to where another policy governs")},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		if (strcmp(events[i].what, what) == 0 && (events[i].rule == NULL || strcmp(events[i].rule, rule) == 0))
			return _(events[i].words);
	}
	return what;
}

bool lk_words_event_is_of_the_user(const char *what)
{
	return strcmp(what, "enrolment") == 0 || strcmp(what, "misuse") == 0;
}

const char *lk_words_verdict(const char *verdict)
{
	static const char *const sentences[][2] = {
		{"self-service-only", N_("This user recovers by themself only: nobody else can reset the password, global "
								 "administrators included.")},
		{"reset-needs-role", N_("You may not reset the password of this user. That is for password administrators and "
								"global administrators.")},
		{"reset-outranked", N_("Only a global administrator may reset the password of a global administrator.")},
		{"excluded", N_("The policy excludes this account from resets and recoveries.")},
		{"password-elsewhere",
			N_("The password of this account is kept in another system, and has to be changed there.")},
		{"blocked", N_("An administrator has blocked this account. It has to be unlocked first.")},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if (strcmp(sentences[i][0], verdict) == 0)
			return _(sentences[i][1]);
	}
	return NULL;
}
