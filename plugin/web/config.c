#include "config.h"

#include <glib.h>
#include <ldap.h>
#include <stdio.h>
#include <string.h>

#include "web-paths.h"

/* Every key that there is. A choice is one of the words, and its number. */
struct entry {
	const char *group;
	const char *key;
	size_t offset;
	enum { TEXT, FLAG, CHOICE, NUMBER, NETWORKS } kind;
	const char *words[3];
	long least, most; /* of a number */
};

#define AT(member) offsetof(struct lk_web_config, member)
#define YES_NO                                                                                                         \
	{                                                                                                                  \
		"no", "yes"                                                                                                    \
	}

static const struct entry entries[] = {
	{"site", "url", AT(url), TEXT},
	{"site", "organization", AT(organization), TEXT},
	{"site", "sign_in", AT(sign_in), TEXT},
	{"site", "key_file", AT(key_file), TEXT},
	{"site", "language", AT(language), CHOICE, {"en", "ko"}},
	{"site", "form_seconds", AT(form_seconds), NUMBER, .least = 1, .most = 86400},
	{"server", "listen", AT(listen), TEXT},
	{"server", "clear_text", AT(is_clear_accepted), FLAG, {"refuse", "accept"}},
	{"server", "trusted_proxies", AT(proxies), NETWORKS},
	{"server", "connections", AT(connections), NUMBER, .least = 1, .most = 4096},
	{"server", "request_seconds", AT(request_seconds), NUMBER, .least = 1, .most = 300},
	{"directory", "uri", AT(uri), TEXT},
	{"directory", "starttls", AT(starttls), FLAG, YES_NO},
	{"directory", "mech", AT(is_external), FLAG, {"ANONYMOUS", "EXTERNAL"}},
	{"directory", "ca_file", AT(ca_file), TEXT},
	{"directory", "cert_file", AT(cert_file), TEXT},
	{"directory", "cert_key_file", AT(cert_key_file), TEXT},
	{"directory", "base", AT(base), TEXT},
	{"directory", "user_dn", AT(user_dn), TEXT},
	{"pages", "change", AT(change), FLAG, YES_NO},
	{"pages", "second_proof", AT(second), CHOICE, {"offer", "ask", "no"}},
	{"pages", "password_rules_en", AT(rules[LK_WEB_ENGLISH]), TEXT},
	{"pages", "password_rules_ko", AT(rules[LK_WEB_KOREAN]), TEXT},
	{"pages", "help_en", AT(help[LK_WEB_ENGLISH]), TEXT},
	{"pages", "help_ko", AT(help[LK_WEB_KOREAN]), TEXT},
	{"pages", "catalogs", AT(catalogs), TEXT},
};

/* --- one setting -------------------------------------------------------------------------------------------------- */

static int set_choice(const struct entry *entry, const char *value, void *place, struct lk_complaint *complaint)
{
	for (int i = 0; i < 3 && entry->words[i] != NULL; i++) {
		if (strcmp(value, entry->words[i]) != 0)
			continue;
		if (entry->kind == FLAG)
			*(bool *)place = i == 1;
		else
			*(int *)place = i;
		return 0;
	}
	return lk_complain(complaint, "[%s] %s is \"%s\"; it can be %s or %s%s%s", entry->group, entry->key, value,
		entry->words[0], entry->words[1], entry->words[2] == NULL ? "" : " or ",
		entry->words[2] == NULL ? "" : entry->words[2]);
}

static int set_number(const struct entry *entry, const char *value, long *place, struct lk_complaint *complaint)
{
	gint64 number;

	if (!g_ascii_string_to_signed(value, 10, entry->least, entry->most, &number, NULL))
		return lk_complain(complaint, "[%s] %s is \"%s\"; it can be a number from %ld to %ld", entry->group, entry->key,
			value, entry->least, entry->most);
	*place = (long)number;
	return 0;
}

static int set_networks(struct lk_web_config *config, const char *value, struct lk_complaint *complaint)
{
	char **texts = g_strsplit_set(value, ", ;", -1);
	int result = 0;

	config->proxies = g_new0(struct lk_web_network, g_strv_length(texts));
	for (char **text = texts; *text != NULL && result == 0; text++) {
		if (**text == '\0')
			continue;
		if (lk_web_network_parse(*text, &config->proxies[config->proxies_count]))
			config->proxies_count++;
		else
			result = lk_complain(complaint, "[server] trusted_proxies: \"%s\" is no address, and no network", *text);
	}
	g_strfreev(texts);
	return result;
}

static int set_entry(
	struct lk_web_config *config, const struct entry *entry, const char *value, struct lk_complaint *complaint)
{
	void *place = (char *)config + entry->offset;

	switch (entry->kind) {
	case FLAG:
	case CHOICE:
		return set_choice(entry, value, place, complaint);
	case NUMBER:
		return set_number(entry, value, place, complaint);
	case NETWORKS:
		return set_networks(config, value, complaint);
	default:
		*(char **)place = g_strdup(value);
		return 0;
	}
}

static const struct entry *find_entry(const char *group, const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (strcmp(entries[i].group, group) == 0 && strcmp(entries[i].key, key) == 0)
			return &entries[i];
	return NULL;
}

static int read_key(
	struct lk_web_config *config, GKeyFile *file, const char *group, const char *key, struct lk_complaint *complaint)
{
	const struct entry *entry = find_entry(group, key);
	if (entry == NULL)
		return lk_complain(complaint, "[%s] %s: there is no such setting", group, key);

	char *value = g_key_file_get_string(file, group, key, NULL);
	int result = value == NULL || *value == '\0' ? lk_complain(complaint, "[%s] %s has no value", group, key)
												 : set_entry(config, entry, value, complaint);
	g_free(value);
	return result;
}

static int read_file(struct lk_web_config *config, GKeyFile *file, struct lk_complaint *complaint)
{
	char **groups = g_key_file_get_groups(file, NULL);
	int result = 0;

	for (char **group = groups; *group != NULL && result == 0; group++) {
		char **keys = g_key_file_get_keys(file, *group, NULL, NULL);
		for (char **key = keys; *key != NULL && result == 0; key++)
			result = read_key(config, file, *group, *key, complaint);
		g_strfreev(keys);
	}
	g_strfreev(groups);
	return result;
}

/* --- all of them together ----------------------------------------------------------------------------------------- */

/* Links are built from this alone. It goes into headers and into HTML, so only what is plain in both is taken. */
static int take_url(struct lk_web_config *config, struct lk_complaint *complaint)
{
	GError *error = NULL;
	GUri *uri = config->url == NULL ? NULL : g_uri_parse(config->url, G_URI_FLAGS_NONE, &error);
	const char *scheme = uri == NULL ? "" : g_uri_get_scheme(uri), *path = uri == NULL ? "" : g_uri_get_path(uri);
	const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:[]";
	bool is_sound = uri != NULL && config->url[strspn(config->url, plain)] == '\0' && g_uri_get_host(uri) != NULL &&
					*g_uri_get_host(uri) != '\0' && g_uri_get_userinfo(uri) == NULL && g_str_has_suffix(path, "/") &&
					strstr(path, "//") == NULL;

	config->is_https = strcmp(scheme, "https") == 0;
	is_sound = is_sound && (config->is_https || strcmp(scheme, "http") == 0);
	if (is_sound) {
		config->path = g_strdup(path);
		config->origin = g_strndup(config->url, strlen(config->url) - strlen(path));
	}
	g_clear_error(&error);
	g_clear_pointer(&uri, g_uri_unref);
	if (is_sound)
		return 0;
	return lk_complain(complaint,
		"[site] url is \"%s\"; it is the address at which people reach the pages, with a slash at its end, for example "
		"https://accounts.example.org/recover/",
		config->url == NULL ? "" : config->url);
}

/* It becomes a link. */
static int check_sign_in(const struct lk_web_config *config, struct lk_complaint *complaint)
{
	const char *url = config->sign_in;

	if (url == NULL || g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://"))
		return 0;
	return lk_complain(complaint, "[site] sign_in is \"%s\"; it is the address of a page, https://...", url);
}

static bool is_protected(const struct lk_web_config *config)
{
	char **uris = g_strsplit_set(config->uri, " ", -1);
	bool all = true;

	for (char **uri = uris; *uri != NULL && all; uri++)
		all = **uri == '\0' || g_str_has_prefix(*uri, "ldaps://") || g_str_has_prefix(*uri, "ldapi://") ||
			  (g_str_has_prefix(*uri, "ldap://") && config->starttls);
	g_strfreev(uris);
	return all;
}

static int check_directory(const struct lk_web_config *config, struct lk_complaint *complaint)
{
	if (config->uri == NULL)
		return lk_complain(complaint, "[directory] uri is missing: where the directory is");
	if (!is_protected(config))
		return lk_complain(complaint,
			"[directory] uri is \"%s\"; passwords go there, so it has to be ldapi:// or ldaps://, or ldap:// with "
			"starttls=yes",
			config->uri);
	if ((config->cert_file == NULL) != (config->cert_key_file == NULL))
		return lk_complain(complaint, "[directory] cert_file and cert_key_file belong together");
	if (config->change && config->base == NULL && config->user_dn == NULL)
		return lk_complain(complaint,
			"[pages] change=yes needs [directory] base or user_dn, to know the entry of who changes a password");
	if (config->user_dn != NULL && strstr(config->user_dn, "{user}") == NULL)
		return lk_complain(complaint, "[directory] user_dn has no {user} in it");
	return 0;
}

static bool is_local(const char *listen)
{
	return g_str_has_prefix(listen, "unix:/") || g_str_has_prefix(listen, "127.") || g_str_has_prefix(listen, "[::1]:");
}

static int check(struct lk_web_config *config, struct lk_complaint *complaint)
{
	if (take_url(config, complaint) < 0 || check_sign_in(config, complaint) < 0 ||
		check_directory(config, complaint) < 0)
		return -1;
	if (config->listen == NULL)
		return lk_complain(
			complaint, "[server] listen is missing: 127.0.0.1:PORT, or unix:PATH, where the web server asks");
	if (!is_local(config->listen) && !config->is_clear_accepted)
		return lk_complain(complaint,
			"[server] listen is \"%s\", which is not on this machine alone; passwords come there in the clear, so "
			"either "
			"let the web server ask on 127.0.0.1 or a local socket, or say clear_text=accept",
			config->listen);
	return 0;
}

static void set_defaults(struct lk_web_config *config)
{
	*config = (struct lk_web_config){.form_seconds = 7200, .connections = 256, .request_seconds = 20};
}

static void complete(struct lk_web_config *config)
{
	if (config->catalogs == NULL)
		config->catalogs = g_strdup(LK_WEB_CATALOGS);
	if (config->proxies == NULL) {
		config->proxies = g_new0(struct lk_web_network, 2);
		lk_web_network_parse("127.0.0.0/8", &config->proxies[0]);
		lk_web_network_parse("::1", &config->proxies[1]);
		config->proxies_count = 2;
	}
}

static int load(const char *path, struct lk_web_config *config, struct lk_complaint *complaint)
{
	GKeyFile *file = g_key_file_new();
	GError *error = NULL;
	int result = 0;

	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
		result = lk_complain(complaint, "%s", error->message);
		g_error_free(error);
	}
	if (result == 0)
		result = read_file(config, file, complaint);
	g_key_file_free(file);
	return result == 0 ? check(config, complaint) : result;
}

int lk_web_config_load(const char *path, struct lk_web_config **ret_config, struct lk_complaint *ret_complaint)
{
	struct lk_web_config *config = g_new(struct lk_web_config, 1);
	struct lk_complaint reason;

	set_defaults(config);
	if (load(path, config, &reason) < 0) {
		lk_web_config_free(config);
		return lk_complain(ret_complaint, "%s: %s", path, reason.text);
	}
	complete(config);
	*ret_config = config;
	return 0;
}

void lk_web_config_free(struct lk_web_config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (entries[i].kind == TEXT)
			g_free(*(char **)((char *)config + entries[i].offset));
	g_free(config->proxies);
	g_free(config->origin);
	g_free(config->path);
	g_free(config);
}
