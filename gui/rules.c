#include "rules.h"

#include <glib/gi18n.h>
#include <string.h>

#include "text.h"

static unsigned method_named(const char *name, size_t length)
{
	static const struct {
		const char *name;
		unsigned bit;
	} names[] = {{"mail", LK_METHOD_BIT_MAIL}, {"totp", LK_METHOD_BIT_TOTP}, {"recoveryCode", LK_METHOD_BIT_CODES}};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strlen(names[i].name) == length && g_ascii_strncasecmp(names[i].name, name, length) == 0)
			return names[i].bit;
	}
	return 0;
}

unsigned lk_rules_methods(const char *const *values)
{
	unsigned methods = 0;

	for (; values != NULL && *values != NULL; values++)
		methods |= method_named(*values, strlen(*values));
	return methods == 0 ? LK_METHOD_BIT_MAIL : methods;
}

unsigned lk_rules_enrolled(const char *const *addresses, const char *const *states)
{
	unsigned methods = *addresses == NULL ? 0 : LK_METHOD_BIT_MAIL;

	for (; *states != NULL; states++)
		methods |= method_named(*states, strcspn(*states, " "));
	return methods;
}

int lk_rules_count(unsigned bits)
{
	int count = 0;

	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}

bool lk_rules_remind(const struct lk_rules *rules, unsigned enrolled)
{
	return rules->recovery_known && lk_rules_count(rules->methods) >= LK_RULES_METHODS_ADVISED &&
		   lk_rules_count(enrolled & rules->methods) < LK_RULES_METHODS_ADVISED;
}

static void add_number(GString *lines, const char *template, int value)
{
	char number[16];

	if (value <= 0)
		return;
	g_snprintf(number, sizeof number, "%d", value);
	lk_text_add_line(lines, lk_text_fill(template, "number", number, NULL));
}

static void add_numbers(GString *lines, const struct lk_rules *rules)
{
	add_number(lines, _("At least {number} characters."), rules->shortest);
	add_number(lines, _("None of your last {number} passwords."), rules->history);
}

char *lk_rules_describe(const struct lk_rules *rules)
{
	GString *lines = g_string_new(NULL);

	if (rules->password_known)
		add_numbers(lines, rules);
	if (lines->len == 0)
		g_string_append(lines, _("The directory says whether it accepts it."));
	return g_string_free(lines, FALSE);
}

char *lk_rules_govern(const struct lk_rules *rules)
{
	GString *lines = g_string_new(NULL);

	if (!rules->recovery_known)
		lk_text_add_line(lines, g_strdup(_("None that you may read governs this account.")));
	else if (rules->resets)
		lk_text_add_line(
			lines, lk_text_fill(_("“{name}”: administrators may reset the password."), "name", rules->policy, NULL));
	else
		lk_text_add_line(
			lines, lk_text_fill(_("“{name}”: users recover by themselves only, and nobody resets their password."),
					   "name", rules->policy, NULL));
	if (rules->observes)
		lk_text_add_line(
			lines, g_strdup(_("It only observes: what it would refuse is written down, and let through.")));
	if (rules->wants_reason)
		lk_text_add_line(lines, g_strdup(_("It wants a reason for each reset.")));
	if (rules->password_known) {
		add_number(lines, _("A password has at least {number} characters."), rules->shortest);
		add_number(lines, _("A password is none of the last {number}."), rules->history);
	}
	return g_string_free(lines, FALSE);
}
