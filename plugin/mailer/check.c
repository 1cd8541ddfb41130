#include "check.h"

#include <glib/gi18n.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "config.h"
#include "directory.h"
#include "expand.h"
#include "keys.h"
#include "language.h"
#include "maildir.h"
#include "mailer.h"
#include "return-path.h"
#include "smtp-relay.h"

/* Room for the keys, and for the mails that are being written. */
#define LOCKED_MEMORY (1024 * 1024)

enum finding { GOOD, ODD, BAD };

struct check {
	const struct lk_config *config;
	bool is_bad;
};

#define SAY(check, finding, text, ...)                                                                                 \
	say((check), (finding), (text), (const struct lk_value[]){__VA_ARGS__ __VA_OPT__(, ){NULL}})

/* TEXT is translated; the lines after its first one are set in. */
static void say(struct check *check, enum finding finding, const char *text, const struct lk_value *values)
{
	static const char *const words[] = {N_("good"), N_("note"), N_("WRONG")};
	struct lk_secret line = {0};

	lk_expand(text, strlen(text), values, LK_FORM_TEXT, &line);
	printf("%s: ", _(words[finding]));
	for (const char *at = lk_secret_text(&line); *at; at++) {
		putchar(*at);
		if (*at == '\n')
			fputs("    ", stdout);
	}
	putchar('\n');
	lk_secret_wipe(&line);
	check->is_bad = check->is_bad || finding == BAD;
}

static void check_keys(struct check *check)
{
	const char *const *files = (const char *const *)check->config->key_files;
	struct lk_complaint complaint;
	char public_key[LK_KEY_TEXT + 1];
	struct lk_keys keys;

	if (lk_keys_load(files, &keys, &complaint) < 0) {
		SAY(check, BAD, _("Key: {error}"), {"error", complaint.text});
		return;
	}
	for (size_t i = 0; i < keys.count; i++) {
		lk_key_format(keys.pairs[i].public_key, public_key);
		SAY(check, GOOD, _("Key {file}: its public half is\nolcLatchkeyMailerKey: {key}"), {"file", files[i]},
			{"key", public_key});
	}
	lk_keys_free(&keys);
}

static void check_memory(struct check *check)
{
	struct rlimit limit;

	if (geteuid() != 0 && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < LOCKED_MEMORY)
		SAY(check, ODD,
			_("Memory: too little of it can be locked, so that keys and passwords might be written to swap space.\n"
			  "Allow the service more (LimitMEMLOCK=16M in its unit)."));
}

static const char *advice_for(int result)
{
	switch (result) {
	case LDAP_PROTOCOL_ERROR:
		return _("The overlay latchkey is not loaded there, see slapo-latchkey(5).");
	default:
		return _("Read slapd's log for the reason.");
	}
}

static void check_policy(struct check *check, const struct lk_policy_view *policy)
{
	if (!policy->portal)
		SAY(check, ODD,
			_("Policy {policy}: it has no latchkeyPortal, so that its mails do not say where a code is typed or a "
			  "password "
			  "changed.\n"
			  "Add it: the web address where people sign in."),
			{"policy", policy->dn});
	if (!policy->organization)
		SAY(check, ODD,
			_("Policy {policy}: it has no latchkeyOrganization, so that its mails come from nobody by name.\n"
			  "Add it: the organization's name."),
			{"policy", policy->dn});
}

static void check_policies(struct check *check, struct lk_directory *directory)
{
	GPtrArray *policies = lk_directory_policies(directory);

	if (!policies->len)
		SAY(check, ODD,
			_("Policies: this identity can see none, so that nobody knows whether each has a latchkeyPortal.\n"
			  "Allow it to read the policies, or look at them yourself."));
	for (guint i = 0; i < policies->len; i++)
		check_policy(check, g_ptr_array_index(policies, i));
	g_ptr_array_unref(policies);
}

/* False where the directory cannot be used. */
static bool check_uri(struct check *check, struct lk_directory *directory, const char *uri)
{
	if (!lk_directory_connect_to(directory, uri)) {
		SAY(check, BAD,
			_("Directory {uri}: {error}\n"
			  "See that slapd runs and listens there, and that the group [directory] says who signs in, and how."),
			{"uri", uri}, {"error", lk_directory_reason(directory)});
		return false;
	}
	char *identity = lk_directory_identity(directory);
	int result = lk_directory_try_to_settle(directory);
	if (result == LDAP_INSUFFICIENT_ACCESS)
		SAY(check, BAD,
			_("Directory {uri}: {error}\n"
			  "It does not know us as its mailer. Name this identity in olcLatchkeyMailer: {identity}"),
			{"uri", uri}, {"error", lk_directory_reason(directory)}, {"identity", identity});
	else if (result != LDAP_SUCCESS)
		SAY(check, BAD, _("Directory {uri}: {error}\n{advice}"), {"uri", uri},
			{"error", lk_directory_reason(directory)}, {"advice", advice_for(result)});
	g_free(identity);
	return result == LDAP_SUCCESS;
}

static void check_durability(struct check *check, struct lk_directory *directory, const char *uri)
{
	struct lk_overview overview;

	if (lk_directory_overview(directory, &overview) && !overview.durable)
		SAY(check, ODD,
			_("Directory {uri}: its database does not wait for the disk, so that after a power cut a mail can be sent "
			  "twice, "
			  "or be lost.\n"
			  "Take olcDbNoSync out of its configuration, and nosync, nometasync and mapasync out of olcDbEnvFlags."),
			{"uri", uri});
}

static void check_directory(struct check *check)
{
	struct lk_directory *directory = lk_directory_new(&check->config->directory);
	bool is_seen = false;

	for (char **uri = check->config->directory.uris; *uri; uri++) {
		if (!check_uri(check, directory, *uri))
			continue;
		SAY(check, GOOD, _("Directory {uri}: it answers, and knows us as its mailer."), {"uri", *uri});
		check_durability(check, directory, *uri);
		if (!is_seen)
			check_policies(check, directory);
		is_seen = true;
	}
	lk_directory_free(directory);
}

static void check_relay(struct check *check, const struct lk_relay_config *relay)
{
	struct lk_complaint complaint;

	if (lk_relay_probe(relay, &complaint))
		SAY(check, GOOD, _("Mail server {url}: it answers, and would take mails from us."), {"url", relay->url});
	else
		SAY(check, BAD,
			_("Mail server {url}: {error}\n"
			  "See that it can be reached from here, that ca_file has the authority of its certificate, and that user "
			  "and "
			  "password_file are what it expects."),
			{"url", relay->url}, {"error", complaint.text});
	if (relay->accepts_any_certificate)
		SAY(check, ODD,
			_("Mail server {url}: whoever answers in its place can read the codes and passwords.\n"
			  "Take out insecure_tls, and name the authority of its certificate in ca_file."),
			{"url", relay->url});
}

static void check_maildir(struct check *check)
{
	struct lk_complaint complaint;
	struct lk_transport *transport;

	if (lk_maildir_new(check->config->maildir, &transport, &complaint) < 0) {
		SAY(check, BAD, _("Maildir: {error}"), {"error", complaint.text});
		return;
	}
	transport->free(transport);
	SAY(check, GOOD, _("Maildir {path}: it can be written."), {"path", check->config->maildir});
}

static void check_templates(struct check *check)
{
	struct lk_complaint complaint;
	struct lk_languages *languages;

	if (lk_mailer_languages(check->config, &languages, &complaint) < 0) {
		SAY(check, BAD, _("Templates: {error}"), {"error", complaint.text});
		return;
	}
	for (const char *const *fault = lk_languages_faults(languages); *fault; fault++)
		SAY(check, BAD, _("Template {error}\nUntil this is put right, the built-in one takes its place."),
			{"error", *fault});
	lk_languages_free(languages);
	SAY(check, GOOD, _("Templates {path}: they are complete."), {"path", check->config->templates});
}

static void check_bounces(struct check *check)
{
	const struct lk_bounces_config *bounces = &check->config->bounces;
	struct lk_complaint complaint;
	struct lk_keys keys;

	if (!bounces->domain)
		return;
	if (lk_return_path_keys(check->config, &keys, &complaint) < 0) {
		SAY(check, BAD, _("Bounces: {error}"), {"error", complaint.text});
		return;
	}
	SAY(check, GOOD,
		_("Bounces: mails come back to addresses in {domain}.\n"
		  "See that your mail server hands what is for that domain to latchkey-mailer bounce."),
		{"domain", bounces->domain});
	lk_keys_free(&keys);
}

static void check_hook(struct check *check, const struct lk_hook_config *hook)
{
	char **arguments = NULL;

	if (!g_shell_parse_argv(hook->command, NULL, &arguments, NULL))
		return;
	if (access(arguments[0], X_OK) < 0)
		SAY(check, BAD, _("Hook for {scheme}: {program} cannot be run."), {"scheme", hook->scheme},
			{"program", arguments[0]});
	else
		SAY(check, GOOD, _("Hook for {scheme}: {program} can be run."), {"scheme", hook->scheme},
			{"program", arguments[0]});
	g_strfreev(arguments);
}

/* Nothing is left behind where nothing was. */
static void check_metrics(struct check *check, const char *path)
{
	char *folder = path ? g_path_get_dirname(path) : NULL;

	if (folder && access(folder, W_OK) < 0)
		SAY(check, BAD, _("Metrics: no file can be written in {path}."), {"path", folder});
	g_free(folder);
}

int lk_check(const char *path, const char *metrics)
{
	struct check check = {0};
	struct lk_complaint complaint;
	struct lk_config *config;

	if (lk_config_load(path, &config, &complaint) < 0) {
		SAY(&check, BAD, _("Configuration: {error}"), {"error", complaint.text});
		return 1;
	}
	check.config = config;
	SAY(&check, GOOD, _("Configuration {path}: it can be understood."), {"path", path});
	check_keys(&check);
	check_memory(&check);
	check_templates(&check);
	check_metrics(&check, metrics ? metrics : config->metrics);
	check_metrics(&check, config->bounces.metrics);
	for (size_t i = 0; i < config->relays_count; i++)
		check_relay(&check, &config->relays[i]);
	for (size_t i = 0; i < config->hooks_count; i++)
		check_hook(&check, &config->hooks[i]);
	check_bounces(&check);
	if (config->maildir)
		check_maildir(&check);
	check_directory(&check);
	lk_config_free(config);
	return check.is_bad ? 1 : 0;
}
