/* The resets of several users: a result for each, on a line of its own, for whoever reads it with a program. What went wrong with
 * one is no reason not to go on with the next.
 *
 *   line = ( "done" / "failed" ) TAB user TAB status TAB password TAB mail TAB expires TAB text
 *
 *   status      the exit status that this reset alone would have
 *   password    the generated one; empty where it was concealed, a code was sent, or nothing was done
 *   mail        the identifier of the mail; or empty
 *   expires     until when the password or code works, RFC 3339; or empty
 *   text        of a failure, one sentence; else empty
 *
 * No field holds a tab or a line end. */
#include "cli-reset-each.h"

#include <glib/gi18n.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "cli-errors.h"
#include "cli-output.h"
#include "latchkey.h"

#define LIST_MAX (16 * 1024 * 1024) /* octets of a file of users */

struct tally {
	const struct lk_cli_options *options;
	LDAP *ld;
	size_t done, failed;
	bool unheard; /* a result could not be printed */
};

static void print_field(const char *text)
{
	fputc('\t', stdout);
	if (text == NULL)
		return;
	char *clean = lk_cli_clean(text);
	fputs(clean, stdout);
	sodium_memzero(clean, strlen(clean));
	g_free(clean);
}

static void print_line(
	const char *user, const struct lk_cli_meaning *meaning, const char *text, const struct lk_reset_result *result)
{
	char *expires = result != NULL && result->expires != 0 ? lk_cli_json_time(result->expires) : NULL;
	char *status = g_strdup_printf("%d", meaning == NULL ? LK_CLI_DONE : meaning->exit_status);

	fputs(result != NULL ? "done" : "failed", stdout);
	print_field(user);
	print_field(status);
	print_field(result != NULL ? result->password : NULL);
	print_field(result != NULL ? result->id : NULL);
	print_field(expires);
	print_field(text);
	fputc('\n', stdout);
	g_free(expires);
	g_free(status);
}

static void print_json(const char *user, const struct lk_cli_meaning *meaning, const char *text, int rc,
	const struct lk_reset_result *result)
{
	JsonBuilder *builder = lk_cli_json_begin(result != NULL);

	lk_cli_json_text(builder, "user", user);
	lk_cli_json_number(builder, "exit", meaning == NULL ? LK_CLI_DONE : meaning->exit_status);
	lk_cli_json_number(builder, "resultCode", rc);
	lk_cli_json_text(builder, "password", result != NULL ? result->password : NULL);
	lk_cli_json_text(builder, "message", result != NULL ? result->id : NULL);
	lk_cli_json_when(builder, "expires", result != NULL ? result->expires : 0);
	lk_cli_json_flag(builder, "code", result != NULL && result->code);
	lk_cli_json_text(builder, "text", text);
	lk_cli_json_end_line(builder);
}

/* An lk_client_reset_done. */
static bool report_cb(void *data, const char *user, int rc, const struct lk_reset_result *result)
{
	struct tally *tally = data;
	char *diagnostic = rc == LDAP_SUCCESS ? NULL : lk_client_diagnostic(tally->ld);
	struct lk_cli_meaning meaning = {0};
	const char *text = NULL;

	if (rc != LDAP_SUCCESS) {
		meaning = lk_cli_meaning_find(LK_CLI_STEP_RESET, rc, diagnostic);
		text = meaning.sentence == NULL ? ldap_err2string(rc) : _(meaning.sentence);
	}
	if (tally->options->json)
		print_json(user, result == NULL ? &meaning : NULL, text, rc, result);
	else
		print_line(user, result == NULL ? &meaning : NULL, text, result);
	ldap_memfree(diagnostic);
	*(result == NULL ? &tally->failed : &tally->done) += 1;
	/* Passwords that nobody hears of are not set. */
	tally->unheard = !lk_cli_flush();
	return !tally->unheard;
}

/* --- the names ------------------------------------------------------------------------------------------------------- */

static char *read_list(const char *path)
{
	GString *text = g_string_new(NULL);
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	char piece[4096];
	size_t length;

	while (file != NULL && text->len <= LIST_MAX && (length = fread(piece, 1, sizeof piece, file)) > 0)
		g_string_append_len(text, piece, (gssize)length);
	bool sound = file != NULL && !ferror(file) && text->len <= LIST_MAX && strlen(text->str) == text->len &&
				 g_utf8_validate(text->str, (gssize)text->len, NULL);
	if (file != NULL && !is_stdin)
		fclose(file);
	return g_string_free(text, !sound);
}

/* Each name once, in the order in which they came. */
static void add_name(GPtrArray *names, GHashTable *seen, const char *name)
{
	if (*name != '\0' && g_hash_table_add(seen, g_strdup(name)))
		g_ptr_array_add(names, g_strdup(name));
}

static void add_list(GPtrArray *names, GHashTable *seen, char *list)
{
	char **lines = g_strsplit(list, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		add_name(names, seen, g_strstrip(*line));
	g_strfreev(lines);
}

static GPtrArray *gather(const struct lk_cli_options *options)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char *list = options->users_file == NULL ? g_strdup("") : read_list(options->users_file);

	for (char **user = options->users; user != NULL && *user != NULL; user++)
		add_name(names, seen, *user);
	if (list != NULL)
		add_list(names, seen, list);
	g_hash_table_unref(seen);
	if (list == NULL || names->len == 0)
		g_clear_pointer(&names, g_ptr_array_unref);
	else
		g_ptr_array_add(names, NULL);
	g_free(list);
	return names;
}

int lk_cli_reset_each(const struct lk_cli_options *options, LDAP *ld, const struct lk_reset_options *request)
{
	struct tally tally = {.options = options, .ld = ld};
	GPtrArray *names = gather(options);

	if (names == NULL)
		return lk_cli_refuse(options, LK_CLI_USAGE, _("The list of users cannot be read, or names nobody."));
	lk_client_reset_each(ld, (const char *const *)names->pdata, request, report_cb, &tally);
	g_ptr_array_unref(names);
	if (tally.unheard)
		lk_cli_complain(_("The password was reset, but could not be printed. Reset it once more."), NULL);
	if (tally.failed == 0 && !tally.unheard)
		return LK_CLI_DONE;
	return tally.done > 0 ? LK_CLI_SOME : LK_CLI_NONE;
}
