#include "config.h"

#include <glib.h>
#include <string.h>

#include "config-check.h"
#include "mailer-paths.h"

/* Every key that there is. One with words is a switch: the first word turns it on, the second, where there is one, off.
 * One without is a text, or with LIST a list of texts, with NUMBER a number. */
struct entry {
	const char *group;
	const char *key;
	size_t offset; /* into what the group describes */
	const char *on;
	const char *off;
	enum { TEXT, LIST, NUMBER } kind;
	long most; /* of a number, which is at least 1 */
};

#define AT(member) offsetof(struct lk_config, member)
#define IN_RELAY(member) offsetof(struct lk_relay_config, member)
#define IN_HOOK(member) offsetof(struct lk_hook_config, member)
#define RELAY "smtp"
#define HOOK "hook"
#define CONNECTIONS 4

static const struct entry entries[] = {
	{"directory", "uri", AT(directory.uris), .kind = LIST},
	{"directory", "mech", AT(directory.is_external), .on = "EXTERNAL", .off = "SIMPLE"},
	{"directory", "bind_dn", AT(directory.bind_dn)},
	{"directory", "password_file", AT(directory.password_file)},
	{"directory", "ca_file", AT(directory.ca_file)},
	{"directory", "starttls", AT(directory.starttls), .on = "yes", .off = "no"},
	{"bounces", "domain", AT(bounces.domain)},
	{"bounces", "mailbox", AT(bounces.mailbox)},
	{"bounces", "key", AT(bounces.key_files), .kind = LIST},
	{"bounces", "metrics", AT(bounces.metrics)},
	{"keys", "file", AT(key_files), .kind = LIST},
	{"mail", "from", AT(from)},
	{"mail", "templates", AT(templates)},
	{"mail", "replacements", AT(replacements)},
	{"mail", "catalogs", AT(catalogs)},
	{"maildir", "path", AT(maildir)},
	{"service", "metrics", AT(metrics)},
	{"service", "connections", AT(connections), .kind = NUMBER, .most = LK_CONNECTIONS_MOST},
};

/* Of each group [smtp] and [smtp NAME]. */
static const struct entry relay_entries[] = {
	{RELAY, "url", IN_RELAY(url)},
	{RELAY, "user", IN_RELAY(user)},
	{RELAY, "password_file", IN_RELAY(password_file)},
	{RELAY, "ca_file", IN_RELAY(ca_file)},
	{RELAY, "timeout", IN_RELAY(timeout), .kind = NUMBER, .most = LK_TIMEOUT_MOST},
	{RELAY, "starttls", IN_RELAY(starttls), .on = "required", .off = "no"},
	{RELAY, "insecure_tls", IN_RELAY(accepts_any_certificate), .on = "accept-any-certificate"},
};

/* Of each group [hook SCHEME]. */
static const struct entry hook_entries[] = {
	{HOOK, "command", IN_HOOK(command)},
	{HOOK, "timeout", IN_HOOK(timeout), .kind = NUMBER, .most = LK_TIMEOUT_MOST},
};

/* What a group of the file is read into. */
struct target {
	const char *group; /* as the entries name it */
	const struct entry *entries;
	size_t count;
	void *base;
};

static const struct entry *find_entry(const struct target *target, const char *key)
{
	for (size_t i = 0; i < target->count; i++)
		if (strcmp(target->entries[i].group, target->group) == 0 && strcmp(target->entries[i].key, key) == 0)
			return &target->entries[i];
	return NULL;
}

static int set_switch(const struct entry *entry, const char *value, bool *ret_on, struct lk_complaint *ret_complaint)
{
	bool is_on = strcmp(value, entry->on) == 0;

	if (!is_on && (!entry->off || strcmp(value, entry->off) != 0))
		return lk_complain(ret_complaint, "[%s] %s is \"%s\"; it can be %s%s%s", entry->group, entry->key, value,
			entry->on, entry->off ? " or " : "", entry->off ? entry->off : "");
	*ret_on = is_on;
	return 0;
}

static int set_number(
	const struct entry *entry, const char *value, long *ret_number, struct lk_complaint *ret_complaint)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 1, (guint64)entry->most, &number, NULL))
		return lk_complain(ret_complaint, "[%s] %s is \"%s\"; it can be a number from 1 to %ld", entry->group,
			entry->key, value, entry->most);
	*ret_number = (long)number;
	return 0;
}

static int set_entry(
	void *base, GKeyFile *file, const char *group, const struct entry *entry, struct lk_complaint *ret_complaint)
{
	void *place = (char *)base + entry->offset;
	char *value = g_key_file_get_string(file, group, entry->key, NULL);
	int result = 0;

	if (!value || !*value)
		result = lk_complain(ret_complaint, "[%s] %s has no value", group, entry->key);
	else if (entry->on)
		result = set_switch(entry, value, place, ret_complaint);
	else if (entry->kind == NUMBER)
		result = set_number(entry, value, place, ret_complaint);
	else if (entry->kind == LIST)
		*(char ***)place = g_key_file_get_string_list(file, group, entry->key, NULL, NULL);
	else
		*(char **)place = g_steal_pointer(&value);
	g_free(value);
	return result;
}

static struct lk_relay_config *add_relay(struct lk_config *config)
{
	config->relays = g_renew(struct lk_relay_config, config->relays, config->relays_count + 1);
	config->relays[config->relays_count] = (struct lk_relay_config){.starttls = true, .timeout = LK_TIMEOUT_MOST};
	return &config->relays[config->relays_count++];
}

static struct lk_hook_config *add_hook(struct lk_config *config, const char *scheme)
{
	config->hooks = g_renew(struct lk_hook_config, config->hooks, config->hooks_count + 1);
	config->hooks[config->hooks_count] =
		(struct lk_hook_config){.scheme = g_strdup(scheme), .timeout = LK_TIMEOUT_MOST};
	return &config->hooks[config->hooks_count++];
}

static bool is_relay(const char *group)
{
	return strcmp(group, RELAY) == 0 || g_str_has_prefix(group, RELAY " ");
}

static int read_group(struct lk_config *config, GKeyFile *file, const char *group, struct lk_complaint *ret_complaint)
{
	struct target target = {group, entries, G_N_ELEMENTS(entries), config};
	char **keys = g_key_file_get_keys(file, group, NULL, NULL);
	int result = 0;

	if (is_relay(group))
		target = (struct target){RELAY, relay_entries, G_N_ELEMENTS(relay_entries), add_relay(config)};
	if (g_str_has_prefix(group, HOOK " "))
		target =
			(struct target){HOOK, hook_entries, G_N_ELEMENTS(hook_entries), add_hook(config, group + strlen(HOOK " "))};
	for (size_t i = 0; keys && keys[i] && result == 0; i++) {
		const struct entry *entry = find_entry(&target, keys[i]);
		result = entry ? set_entry(target.base, file, group, entry, ret_complaint)
					   : lk_complain(ret_complaint, "[%s] %s: there is no such setting", group, keys[i]);
	}
	g_strfreev(keys);
	return result;
}

static int read_file(struct lk_config *config, GKeyFile *file, struct lk_complaint *ret_complaint)
{
	char **groups = g_key_file_get_groups(file, NULL);
	int result = 0;

	for (size_t i = 0; groups[i] && result == 0; i++)
		result = read_group(config, file, groups[i], ret_complaint);
	g_strfreev(groups);
	return result;
}

static void set_defaults(struct lk_config *config)
{
	if (!config->connections)
		config->connections = CONNECTIONS;
	if (!config->templates)
		config->templates = g_strdup(LK_TEMPLATES);
	if (!config->catalogs)
		config->catalogs = g_strdup(LK_CATALOGS);
}

static int load(const char *path, struct lk_config *config, struct lk_complaint *ret_complaint)
{
	GKeyFile *file = g_key_file_new();
	GError *error = NULL;
	int result = 0;

	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
		result = lk_complain(ret_complaint, "%s", error->message);
		g_error_free(error);
	}
	if (result == 0)
		result = read_file(config, file, ret_complaint);
	g_key_file_free(file);
	return result == 0 ? lk_config_check(config, ret_complaint) : result;
}

int lk_config_load(const char *path, struct lk_config **ret_config, struct lk_complaint *ret_complaint)
{
	struct lk_config *config = g_new0(struct lk_config, 1);
	struct lk_complaint reason;

	if (load(path, config, &reason) < 0) {
		lk_config_free(config);
		return lk_complain(ret_complaint, "%s: %s", path, reason.text);
	}
	set_defaults(config);
	*ret_config = config;
	return 0;
}

static void free_texts(const struct entry *list, size_t count, void *base)
{
	for (size_t i = 0; i < count; i++) {
		void *place = (char *)base + list[i].offset;
		if (list[i].on || list[i].kind == NUMBER)
			continue;
		if (list[i].kind == LIST)
			g_strfreev(*(char ***)place);
		else
			g_free(*(char **)place);
	}
}

void lk_config_free(struct lk_config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->relays_count; i++)
		free_texts(relay_entries, G_N_ELEMENTS(relay_entries), &config->relays[i]);
	g_free(config->relays);
	for (size_t i = 0; i < config->hooks_count; i++) {
		free_texts(hook_entries, G_N_ELEMENTS(hook_entries), &config->hooks[i]);
		g_free(config->hooks[i].scheme);
	}
	g_free(config->hooks);
	free_texts(entries, G_N_ELEMENTS(entries), config);
	g_free(config);
}
