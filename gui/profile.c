#include "profile.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <ldap.h>
#include <string.h>

#include "dn.h"

#define GROUP "profile "

static const char *const auth_names[] = {
	[LK_AUTH_PASSWORD] = "password",
	[LK_AUTH_KERBEROS] = "kerberos",
	[LK_AUTH_EXTERNAL] = "external",
};

struct lk_profile *lk_profile_new(const char *name, const char *uris)
{
	struct lk_profile *profile = g_new0(struct lk_profile, 1);

	*profile = (struct lk_profile){.id = g_uuid_string_random(),
		.name = g_strdup(name),
		.uris = g_strdup(uris),
		.base = g_strdup(""),
		.ca_file = g_strdup(""),
		.user = g_strdup(""),
		.start_tls = true};
	return profile;
}

struct lk_profile *lk_profile_copy(const struct lk_profile *profile)
{
	struct lk_profile *copy = g_memdup2(profile, sizeof *profile);

	copy->id = g_strdup(profile->id);
	copy->name = g_strdup(profile->name);
	copy->uris = g_strdup(profile->uris);
	copy->base = g_strdup(profile->base);
	copy->ca_file = g_strdup(profile->ca_file);
	copy->user = g_strdup(profile->user);
	return copy;
}

void lk_profile_free(struct lk_profile *profile)
{
	if (profile == NULL)
		return;
	g_free(profile->id);
	g_free(profile->name);
	g_free(profile->uris);
	g_free(profile->base);
	g_free(profile->ca_file);
	g_free(profile->user);
	g_free(profile);
}

static bool all_uris(const struct lk_profile *profile, bool (*fits)(const struct lk_profile *, const char *))
{
	char **uris = g_strsplit_set(profile->uris, " ,", -1);
	size_t seen = 0;
	bool all = true;

	for (size_t i = 0; uris[i] != NULL; i++) {
		if (*uris[i] == '\0')
			continue;
		seen++;
		all = all && fits(profile, uris[i]);
	}
	g_strfreev(uris);
	return all && seen > 0;
}

static bool is_uri(const struct lk_profile *profile, const char *uri)
{
	(void)profile;
	return ldap_is_ldap_url(uri) != 0;
}

/* Whether a password may travel by URI: ldaps:// and ldapi:// always, ldap:// with StartTLS. */
static bool protects(const struct lk_profile *profile, const char *uri)
{
	return g_ascii_strncasecmp(uri, "ldaps://", 8) == 0 || g_ascii_strncasecmp(uri, "ldapi://", 8) == 0 ||
		   (profile->start_tls && g_ascii_strncasecmp(uri, "ldap://", 7) == 0);
}

const char *lk_profile_fault(const struct lk_profile *profile)
{
	if (*profile->name == '\0')
		return N_("Give the directory a name.");
	if (!all_uris(profile, is_uri))
		return N_("This is not the address of a directory; ldaps://ldap.example.com would be one.");
	if (*profile->base != '\0' && !lk_dn_is(profile->base))
		return N_("What is to be searched below is not a DN; dc=example,dc=com would be one.");
	if (profile->auth == LK_AUTH_PASSWORD && !all_uris(profile, protects))
		return N_("A password is only sent over a protected connection. Use ldaps://, or StartTLS.");
	return NULL;
}

static enum lk_auth read_auth(GKeyFile *keys, const char *group)
{
	char *name = g_key_file_get_string(keys, group, "auth", NULL);
	enum lk_auth found = LK_AUTH_PASSWORD;

	for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(auth_names); i++) {
		if (strcmp(name, auth_names[i]) == 0)
			found = (enum lk_auth)i;
	}
	g_free(name);
	return found;
}

static void read_text(GKeyFile *keys, const char *group, const char *key, char **text)
{
	char *value = g_key_file_get_string(keys, group, key, NULL);
	if (value == NULL)
		return;

	g_free(*text);
	*text = value;
}

/* What is not said protects: StartTLS is off only where the file says so. */
static bool read_flag(GKeyFile *keys, const char *group, const char *key, bool fallback)
{
	GError *error = NULL;
	bool flag = g_key_file_get_boolean(keys, group, key, &error);

	if (error == NULL)
		return flag;
	g_error_free(error);
	return fallback;
}

static struct lk_profile *read_profile(GKeyFile *keys, const char *group)
{
	struct lk_profile *profile = lk_profile_new("", "");

	g_free(profile->id);
	profile->id = g_strdup(group + strlen(GROUP));
	read_text(keys, group, "name", &profile->name);
	read_text(keys, group, "uris", &profile->uris);
	read_text(keys, group, "base", &profile->base);
	read_text(keys, group, "ca-file", &profile->ca_file);
	read_text(keys, group, "user", &profile->user);
	profile->auth = read_auth(keys, group);
	profile->start_tls = read_flag(keys, group, "start-tls", true);
	profile->remember = read_flag(keys, group, "remember", false);
	return profile;
}

static struct lk_profile *profile_of_ldap_conf(void)
{
	char *uris = NULL, *base = NULL;

	ldap_get_option(NULL, LDAP_OPT_URI, &uris);
	ldap_get_option(NULL, LDAP_OPT_DEFBASE, &base);
	struct lk_profile *profile =
		lk_profile_new(_("Directory"), uris == NULL || *uris == '\0' ? "ldap://localhost" : uris);
	if (base != NULL) {
		g_free(profile->base);
		profile->base = g_strdup(base);
	}
	ldap_memfree(uris);
	ldap_memfree(base);
	return profile;
}

static void free_profile(gpointer profile)
{
	lk_profile_free(profile);
}

GPtrArray *lk_profiles_load(const char *file)
{
	GPtrArray *profiles = g_ptr_array_new_with_free_func(free_profile);
	GKeyFile *keys = g_key_file_new();

	if (g_key_file_load_from_file(keys, file, G_KEY_FILE_NONE, NULL)) {
		char **groups = g_key_file_get_groups(keys, NULL);
		for (size_t i = 0; groups[i] != NULL; i++) {
			if (g_str_has_prefix(groups[i], GROUP))
				g_ptr_array_add(profiles, read_profile(keys, groups[i]));
		}
		g_strfreev(groups);
	}
	g_key_file_free(keys);
	if (profiles->len == 0)
		g_ptr_array_add(profiles, profile_of_ldap_conf());
	return profiles;
}

static void write_profile(GKeyFile *keys, const struct lk_profile *profile)
{
	char *group = g_strconcat(GROUP, profile->id, NULL);

	g_key_file_set_string(keys, group, "name", profile->name);
	g_key_file_set_string(keys, group, "uris", profile->uris);
	g_key_file_set_string(keys, group, "base", profile->base);
	g_key_file_set_string(keys, group, "ca-file", profile->ca_file);
	g_key_file_set_string(keys, group, "auth", auth_names[profile->auth]);
	g_key_file_set_boolean(keys, group, "start-tls", profile->start_tls);
	g_key_file_set_string(keys, group, "user", profile->user);
	g_key_file_set_boolean(keys, group, "remember", profile->remember);
	g_free(group);
}

bool lk_profiles_save(GPtrArray *profiles, const char *file, GError **error)
{
	GKeyFile *keys = g_key_file_new();
	char *folder = g_path_get_dirname(file);

	for (guint i = 0; i < profiles->len; i++)
		write_profile(keys, profiles->pdata[i]);
	g_mkdir_with_parents(folder, 0700);
	bool saved = g_key_file_save_to_file(keys, file, error);
	g_free(folder);
	g_key_file_free(keys);
	return saved;
}

char *lk_profiles_file(void)
{
	return g_build_filename(g_get_user_config_dir(), "latchkey", "profiles.ini", NULL);
}
