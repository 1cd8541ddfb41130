#include "config.h"

#include <glib.h>
#include <lber.h>
#include <string.h>

#include "address.h"
#include "error.h"
#include "mailer-paths.h"

/* Every key that there is. One with words is a switch: the first word turns it on, the second, where there is one, off.
 * One without is a text, or with LIST a list of texts. */
struct entry {
	const char *group;
	const char *key;
	size_t offset; /* into struct lk_config */
	const char *on;
	const char *off;
	enum { TEXT, LIST } kind;
};

#define AT(member) offsetof(struct lk_config, member)

static const struct entry entries[] = {
	{"directory", "uri", AT(directory.uri)},
	{"directory", "mech", AT(directory.is_external), .on = "EXTERNAL", .off = "SIMPLE"},
	{"directory", "bind_dn", AT(directory.bind_dn)},
	{"directory", "password_file", AT(directory.password_file)},
	{"directory", "ca_file", AT(directory.ca_file)},
	{"directory", "starttls", AT(directory.starttls), .on = "yes", .off = "no"},
	{"keys", "file", AT(key_files), .kind = LIST},
	{"mail", "from", AT(from)},
	{"mail", "templates", AT(templates)},
	{"mail", "catalogs", AT(catalogs)},
	{"smtp", "url", AT(smtp.url)},
	{"smtp", "user", AT(smtp.user)},
	{"smtp", "password_file", AT(smtp.password_file)},
	{"smtp", "ca_file", AT(smtp.ca_file)},
	{"smtp", "starttls", AT(smtp.starttls), .on = "required", .off = "no"},
	{"smtp", "insecure_tls", AT(smtp.accepts_any_certificate), .on = "accept-any-certificate"},
	{"maildir", "path", AT(maildir)},
};

static const struct entry *find_entry(const char *group, const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (strcmp(entries[i].group, group) == 0 && strcmp(entries[i].key, key) == 0)
			return &entries[i];
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

static int set_entry(
	struct lk_config *config, GKeyFile *file, const struct entry *entry, struct lk_complaint *ret_complaint)
{
	void *place = (char *)config + entry->offset;
	char *value = g_key_file_get_string(file, entry->group, entry->key, NULL);
	int result = 0;

	if (!value || !*value)
		result = lk_complain(ret_complaint, "[%s] %s has no value", entry->group, entry->key);
	else if (entry->on)
		result = set_switch(entry, value, place, ret_complaint);
	else if (entry->kind == LIST)
		*(char ***)place = g_key_file_get_string_list(file, entry->group, entry->key, NULL, NULL);
	else
		*(char **)place = g_steal_pointer(&value);
	g_free(value);
	return result;
}

static int read_group(struct lk_config *config, GKeyFile *file, const char *group, struct lk_complaint *ret_complaint)
{
	char **keys = g_key_file_get_keys(file, group, NULL, NULL);
	int result = 0;

	for (size_t i = 0; keys && keys[i] && result == 0; i++) {
		const struct entry *entry = find_entry(group, keys[i]);
		result = entry ? set_entry(config, file, entry, ret_complaint)
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

static int check_directory(const struct lk_directory_config *directory, struct lk_complaint *ret_complaint)
{
	if (!directory->uri)
		return lk_complain(ret_complaint, "[directory] uri is missing");
	if (directory->is_external && (directory->bind_dn || directory->password_file))
		return lk_complain(ret_complaint, "[directory] bind_dn and password_file do not go with mech = EXTERNAL");
	if (directory->is_external)
		return 0;
	if (!directory->bind_dn || !directory->password_file)
		return lk_complain(
			ret_complaint, "[directory] needs bind_dn and password_file to sign in with, or mech = EXTERNAL");
	if (g_ascii_strncasecmp(directory->uri, "ldap://", 7) == 0 && !directory->starttls)
		return lk_complain(ret_complaint, "[directory] a password is not sent over ldap:// without starttls = yes");
	return 0;
}

static int check_smtp(const struct lk_smtp_config *smtp, struct lk_complaint *ret_complaint)
{
	bool is_plain = g_str_has_prefix(smtp->url, "smtp://");

	if (!is_plain && !g_str_has_prefix(smtp->url, "smtps://"))
		return lk_complain(ret_complaint, "[smtp] url is \"%s\"; it must begin with smtp:// or smtps://", smtp->url);
	if (strchr(smtp->url, '@'))
		return lk_complain(ret_complaint, "[smtp] url has no place for a user; use user and password_file");
	if (!smtp->user != !smtp->password_file)
		return lk_complain(ret_complaint, "[smtp] user and password_file go together");
	if (smtp->user && is_plain && !smtp->starttls)
		return lk_complain(ret_complaint, "[smtp] a password is not sent with starttls = no");
	return 0;
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
	if (!config->smtp.url == !config->maildir)
		return lk_complain(ret_complaint, "exactly one of [smtp] url and [maildir] path must say where mails go");
	return config->smtp.url ? check_smtp(&config->smtp, ret_complaint) : 0;
}

static void set_defaults(struct lk_config *config)
{
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

	config->smtp.starttls = true;
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
		result = lk_complain(ret_complaint, "%s", error->message);
		g_error_free(error);
	}
	if (result == 0)
		result = read_file(config, file, ret_complaint);
	g_key_file_free(file);
	if (result == 0)
		result = check_directory(&config->directory, ret_complaint);
	return result == 0 ? check_mail(config, ret_complaint) : result;
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

void lk_config_free(struct lk_config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
		void *place = (char *)config + entries[i].offset;
		if (entries[i].on)
			continue;
		if (entries[i].kind == LIST)
			g_strfreev(*(char ***)place);
		else
			g_free(*(char **)place);
	}
	g_free(config);
}
