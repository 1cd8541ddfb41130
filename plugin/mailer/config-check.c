#include "config-check.h"

#include <glib.h>
#include <lber.h>
#include <string.h>

#include "address.h"
#include "error.h"

static int check_uris(const struct lk_directory_config *directory, struct lk_complaint *ret_complaint)
{
	if (!directory->uris || !directory->uris[0])
		return lk_complain(ret_complaint, "[directory] uri is missing");
	for (char **uri = directory->uris; *uri; uri++)
		if (!directory->is_external && !directory->starttls && g_ascii_strncasecmp(*uri, "ldap://", 7) == 0)
			return lk_complain(ret_complaint, "[directory] a password is not sent over ldap:// without starttls = yes");
	return 0;
}

static int check_directory(const struct lk_directory_config *directory, struct lk_complaint *ret_complaint)
{
	if (!directory->uris)
		return check_uris(directory, ret_complaint);
	if (directory->is_external && (directory->bind_dn || directory->password_file))
		return lk_complain(ret_complaint, "[directory] bind_dn and password_file do not go with mech = EXTERNAL");
	if (!directory->is_external && (!directory->bind_dn || !directory->password_file))
		return lk_complain(
			ret_complaint, "[directory] needs bind_dn and password_file to sign in with, or mech = EXTERNAL");
	return check_uris(directory, ret_complaint);
}

static int check_relay(const struct lk_relay_config *relay, struct lk_complaint *ret_complaint)
{
	if (!relay->url)
		return lk_complain(ret_complaint, "[smtp] url is missing: the mail server");
	bool is_plain = g_str_has_prefix(relay->url, "smtp://");

	if (!is_plain && !g_str_has_prefix(relay->url, "smtps://"))
		return lk_complain(ret_complaint, "[smtp] url is \"%s\"; it must begin with smtp:// or smtps://", relay->url);
	if (strchr(relay->url, '@'))
		return lk_complain(ret_complaint, "[smtp] url has no place for a user; use user and password_file");
	if (!relay->user != !relay->password_file)
		return lk_complain(ret_complaint, "[smtp] user and password_file go together");
	if (relay->user && is_plain && !relay->starttls)
		return lk_complain(ret_complaint, "[smtp] a password is not sent with starttls = no");
	return 0;
}

static int check_hook(const struct lk_hook_config *hook, struct lk_complaint *ret_complaint)
{
	char *example = g_strconcat(hook->scheme, ":x", NULL);
	struct berval address = {.bv_val = example, .bv_len = strlen(example)};
	char scheme[LK_SCHEME_MOST + 1];
	bool is_scheme = lk_address_has_scheme(&address, scheme);

	g_free(example);
	if (!is_scheme)
		return lk_complain(
			ret_complaint, "[hook %s]: no address begins with that; say [hook tel] for tel:+…", hook->scheme);
	if (!hook->command)
		return lk_complain(ret_complaint, "[hook %s] command is missing", hook->scheme);
	if (!g_shell_parse_argv(hook->command, NULL, NULL, NULL))
		return lk_complain(ret_complaint, "[hook %s] command cannot be taken apart: see its quotes", hook->scheme);
	if (hook->command[0] != '/')
		return lk_complain(ret_complaint, "[hook %s] command must begin with the path of a program", hook->scheme);
	return 0;
}

/* Small letters and digits, which no host writes in another way. */
static bool is_mailbox(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");

	return length && length <= LK_BOUNCE_MAILBOX_MOST && !name[length];
}

static bool is_domain(const char *name)
{
	char *example = g_strconcat("x@", name, NULL);
	struct berval address = {.bv_val = example, .bv_len = strlen(example)};
	bool is_good = lk_address_check(&address) == LK_OK && name[0] != '[';

	g_free(example);
	return is_good;
}

static int check_bounces(const struct lk_bounces_config *bounces, struct lk_complaint *ret_complaint)
{
	if (!bounces->domain && !bounces->mailbox && !bounces->key_files && !bounces->metrics)
		return 0;
	if (!bounces->domain)
		return lk_complain(ret_complaint, "[bounces] domain is missing: where mails come back to");
	if (!is_domain(bounces->domain))
		return lk_complain(ret_complaint, "[bounces] domain is \"%s\", which is no mail domain", bounces->domain);
	if (bounces->mailbox && !is_mailbox(bounces->mailbox))
		return lk_complain(ret_complaint, "[bounces] mailbox is \"%s\"; it can be 1 to %d small letters and digits",
			bounces->mailbox, LK_BOUNCE_MAILBOX_MOST);
	if (!bounces->key_files || !bounces->key_files[0])
		return lk_complain(ret_complaint, "[bounces] key is missing; `latchkey-mailer keygen --for bounces` makes one");
	return 0;
}

static int check_ways(const struct lk_config *config, struct lk_complaint *ret_complaint)
{
	int result = 0;

	if (!config->relays_count == !config->maildir)
		return lk_complain(ret_complaint, "exactly one of [smtp] url and [maildir] path must say where mails go");
	for (size_t i = 0; i < config->relays_count && result == 0; i++)
		result = check_relay(&config->relays[i], ret_complaint);
	for (size_t i = 0; i < config->hooks_count && result == 0; i++)
		result = check_hook(&config->hooks[i], ret_complaint);
	return result;
}

static int check_mail(const struct lk_config *config, struct lk_complaint *ret_complaint)
{
	if (!config->from)
		return lk_complain(ret_complaint, "[mail] from is missing: the address that mails come from");

	struct berval from = {.bv_val = config->from, .bv_len = strlen(config->from)};
	if (lk_address_check(&from) != LK_OK)
		return lk_complain(ret_complaint, "[mail] from is \"%s\", which is not one plain mail address", config->from);
	if (!config->key_files || !config->key_files[0])
		return lk_complain(ret_complaint, "[keys] file is missing; `latchkey-mailer keygen` makes one");
	if (check_bounces(&config->bounces, ret_complaint) < 0)
		return -1;
	return check_ways(config, ret_complaint);
}

int lk_config_check(const struct lk_config *config, struct lk_complaint *ret_complaint)
{
	if (check_directory(&config->directory, ret_complaint) < 0)
		return -1;
	return check_mail(config, ret_complaint);
}
