#include "check.h"

#include <glib/gi18n.h>
#include <ldap.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "directory.h"
#include "html.h"
#include "oid.h"
#include "web-paths.h"

struct check {
	struct lk_web_config *config;
	bool is_bad;
};

enum verdict { GOOD, BAD };

/* TEMPLATE with NAME in braces replaced. */
static void say(struct check *check, enum verdict verdict, const char *template, const char *name, const char *value)
{
	char *placeholder = g_strdup_printf("{%s}", name);
	char **parts = g_strsplit(template, placeholder, -1);
	char *text = g_strjoinv(value, parts);

	printf("%s %s\n", verdict == GOOD ? "✓" : "✗", text);
	check->is_bad = check->is_bad || verdict == BAD;
	g_free(text);
	g_strfreev(parts);
	g_free(placeholder);
}

static void check_key(struct check *check)
{
	unsigned char key[LK_WEB_KEY_BYTES];
	struct lk_complaint complaint;

	if (lk_web_key_load(check->config, key, &complaint) < 0)
		say(check, BAD, _("Key for forms: {error}"), "error", complaint.text);
	else if (check->config->key_file == NULL)
		say(check, GOOD, _("Key for forms: it is made at the start. Several servers need key_file."), "", "");
	else
		say(check, GOOD, _("Key for forms {path}: it can be read."), "path", check->config->key_file);
	sodium_memzero(key, sizeof key);
}

static void check_texts(struct check *check)
{
	const char *folder = check->config->catalogs;
	char *catalog = g_build_filename(folder, "ko", "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);

	if (g_file_test(catalog, G_FILE_TEST_EXISTS))
		say(check, GOOD, _("Texts {path}: they are there in Korean and in English."), "path", folder);
	else
		say(check, BAD, _("Texts {path}: the Korean ones are not there, so that everybody gets English."), "path",
			folder);
	g_free(catalog);
}

/* Whether the directory offers the operation that recovers an account. */
static bool has_latchkey(LDAP *ld)
{
	static char *wanted[] = {(char *)"supportedExtension", NULL};
	struct berval exop = {strlen(LK_EXOP_RECOVERY_COMPLETE), (char *)LK_EXOP_RECOVERY_COMPLETE};
	LDAPMessage *root = NULL;
	bool found = false;

	if (ldap_search_ext_s(ld, "", LDAP_SCOPE_BASE, "(objectClass=*)", wanted, 0, NULL, NULL, NULL, 1, &root) ==
		LDAP_SUCCESS) {
		struct berval **values = ldap_get_values_len(ld, ldap_first_entry(ld, root), wanted[0]);
		for (size_t i = 0; values != NULL && values[i] != NULL; i++)
			found = found || ber_bvcmp(values[i], &exop) == 0;
		ldap_value_free_len(values);
	}
	ldap_msgfree(root);
	return found;
}

static void check_identity(struct check *check, LDAP *ld, bool is_identified)
{
	struct berval *who = NULL;

	if (!check->config->is_external) {
		say(check, GOOD, _("Identity: none. All clients of the pages share what one client may do."), "", "");
		return;
	}
	if (!is_identified || ldap_whoami_s(ld, &who, NULL, NULL) != LDAP_SUCCESS || who == NULL) {
		say(check, BAD, _("Identity: the directory does not take what the connection shows (mech=EXTERNAL)."), "", "");
	} else {
		char *name = g_strndup(who->bv_val, who->bv_len);
		/* An authzId (RFC 4513, 5.2.1.8): what stands in cn=config is the DN within. */
		say(check, GOOD, _("Identity {name}: olcLatchkeyPortalDN has to name it."), "name",
			g_str_has_prefix(name, "dn:") ? name + strlen("dn:") : name);
		g_free(name);
	}
	ber_bvfree(who);
}

static void check_directory(struct check *check)
{
	bool is_identified;
	LDAP *ld;
	int rc = lk_web_directory_open(check->config, &ld, &is_identified);

	if (rc != LDAP_SUCCESS) {
		say(check, BAD, _("Directory: it cannot be reached ({error})."), "error", ldap_err2string(rc));
	} else if (!has_latchkey(ld)) {
		say(check, BAD, _("Directory {uri}: it cannot be reached, or does not run Latchkey."), "uri",
			check->config->uri);
	} else {
		say(check, GOOD, _("Directory {uri}: it runs Latchkey."), "uri", check->config->uri);
		check_identity(check, ld, is_identified);
	}
	if (ld != NULL)
		ldap_unbind_ext(ld, NULL, NULL);
}

int lk_web_check(const char *path)
{
	struct check check = {NULL};
	struct lk_complaint complaint;

	if (lk_web_config_load(path, &check.config, &complaint) < 0) {
		say(&check, BAD, _("Configuration: {error}"), "error", complaint.text);
		return 1;
	}
	say(&check, GOOD, _("Configuration {path}: it can be understood."), "path", path);
	check_key(&check);
	check_texts(&check);
	check_directory(&check);
	lk_web_config_free(check.config);
	return check.is_bad ? 1 : 0;
}
