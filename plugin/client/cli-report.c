#include "cli-report.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-errors.h"
#include "cli-output.h"
#include "error.h"
#include "log-reader.h"
#include "log-stamp.h"
#include "report.h"

/* --- what is read --------------------------------------------------------------------------------------------------- */

/* "90m", "36h", "7d": so long before NOW. */
static bool read_ago(const char *text, time_t now, time_t *ret_since)
{
	static const struct {
		char unit;
		int seconds;
	} units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}};
	char *end;
	guint64 number;

	if (!g_ascii_isdigit(*text))
		return false;
	number = g_ascii_strtoull(text, &end, 10);
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (*end != units[i].unit || end[1] != '\0' || number > 36500 * 1440)
			continue;
		*ret_since = now - (time_t)number * units[i].seconds;
		return true;
	}
	return false;
}

static bool read_since(const char *text, time_t now, time_t *ret_since)
{
	struct berval rest = {strlen(text), (char *)text};
	time_t since;

	if (read_ago(text, now, ret_since))
		return true;
	if (lk_log_time_take(&rest, &since) != LK_OK || rest.bv_len > 0)
		return false;
	*ret_since = since;
	return true;
}

static bool read_stream(struct lk_log_reader *reader, FILE *stream)
{
	char octets[65536];
	size_t count;

	while ((count = fread(octets, 1, sizeof octets, stream)) > 0)
		lk_log_reader_feed(reader, octets, count);
	lk_log_reader_end(reader);
	return !ferror(stream);
}

static int read_file(const struct lk_cli_options *options, struct lk_log_reader *reader, const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *stream = standard ? stdin : fopen(path, "re");
	bool whole = stream != NULL && read_stream(reader, stream);
	int error = errno;

	if (stream != NULL && !standard)
		fclose(stream);
	if (whole)
		return LK_CLI_DONE;
	char *text =
		lk_cli_fill(_("This file cannot be read: {file} ({reason})."), "file", path, "reason", g_strerror(error), NULL);
	lk_cli_refuse(options, LK_CLI_USAGE, text);
	g_free(text);
	return LK_CLI_USAGE;
}

static int read_all(const struct lk_cli_options *options, struct lk_log_reader *reader)
{
	static char *const standard[] = {(char *)"-", NULL};
	char *const *paths = options->files == NULL || options->files[0] == NULL ? standard : options->files;
	int exit_status = LK_CLI_DONE;

	if (paths == standard && isatty(STDIN_FILENO))
		return lk_cli_refuse(
			options, LK_CLI_USAGE, _("Say which file holds slapd’s log, or give the log on standard input."));
	for (; *paths != NULL && exit_status == LK_CLI_DONE; paths++)
		exit_status = read_file(options, reader, *paths);
	return exit_status;
}

/* --- what is shown --------------------------------------------------------------------------------------------------- */

/* What a request does, by its event and by what it changes. */
static const char *describe_request(const struct lk_report_kind *kind)
{
	static const struct {
		const char *event, *changes, *words;
	} requests[] = {
		{"password-modify", NULL, N_("a password sent over a connection that is not protected")},
		{"add", "password", N_("an entry added with a password")},
		{NULL, "password", N_("the password of another user set")},
		{NULL, "credential", N_("another way to sign in of another user changed")},
		{NULL, "policy", N_("a policy changed")},
		{NULL, "group", N_("a role group changed")},
		{NULL, "place", N_("an entry moved to where another policy governs")},
		{NULL, "name", N_("a name taken that was another user’s")},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
		if ((requests[i].event == NULL || strcmp(requests[i].event, kind->event) == 0) &&
			(requests[i].changes == NULL || strcmp(requests[i].changes, kind->changes) == 0))
			return _(requests[i].words);
	}
	return kind->event;
}

static const char *describe_rule(const char *rule)
{
	static const char *const rules[][2] = {
		{"self-service-only", N_("Under this policy nobody sets the password of another user.")},
		{"self-service-only-add", N_("Under this policy new users choose their first password themselves.")},
		{"self-service-only-move", N_("Nobody moves users out from under this policy.")},
		{"reset-needs-role", N_("This is for password administrators and global administrators.")},
		{"reset-outranked", N_("The user is a global administrator, and outranks a password administrator.")},
		{"rules-need-global-administrator", N_("This is for global administrators.")},
		{"move-needs-global-administrator", N_("This is for global administrators.")},
		{"unprotected-connection", N_("Passwords need ldaps://, StartTLS or ldapi://.")},
		{"last-address", N_("Users keep at least one address at which they can recover.")},
		{"former-name", N_("A name stays free for a while after its user has lost it.")},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (strcmp(rules[i][0], rule) == 0)
			return _(rules[i][1]);
	}
	return "";
}

static void say_times(const struct lk_report_kind *kind, const char *count, const char *targets)
{
	char *first = lk_cli_time(kind->first), *last = lk_cli_time(kind->last);
	const char *template = kind->first == 0
							   ? _("    Requests: {count}. Entries: {targets}.")
							   : _("    Requests: {count}. Entries: {targets}. First: {first}. Last: {last}.");

	lk_cli_say(template, "count", count, "targets", targets, "first", first, "last", last, NULL);
	g_free(first);
	g_free(last);
}

static void say_kind(const struct lk_report_kind *kind)
{
	const char *sentence = describe_rule(kind->rule);
	char *count = g_strdup_printf("%" G_GUINT64_FORMAT, kind->count);
	char *targets = g_strdup_printf("%" G_GUINT64_FORMAT "%s", kind->targets, kind->more_targets ? "+" : "");

	lk_cli_say(_("{dn}, from {client}"), "dn", *kind->actor == '\0' ? _("nobody signed in") : kind->actor, "client",
		*kind->client == '\0' ? "?" : kind->client, NULL);
	lk_cli_say(_("    What: {request}"), "request", describe_request(kind), NULL);
	lk_cli_say(_("    Rule: {text}"), "text", kind->rule, NULL);
	if (*sentence != '\0')
		lk_cli_say("      {sentence}", "sentence", sentence, NULL);
	say_times(kind, count, targets);
	for (size_t i = 0; i < LK_REPORT_EXAMPLES && kind->examples[i] != NULL; i++)
		lk_cli_say(_("    For example: {dn}"), "dn", kind->examples[i], NULL);
	g_free(count);
	g_free(targets);
}

static void say_number(const char *template, guint64 number)
{
	char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);

	lk_cli_say(template, "number", text, NULL);
	g_free(text);
}

static void say_report(const struct lk_report *report, const struct lk_log_reader *reader, const GPtrArray *kinds)
{
	if (kinds->len == 0)
		lk_cli_say(_("Nothing would have been refused."), NULL);
	else
		lk_cli_say(_("This would have been refused, had the policy enforced its rules:"), NULL);
	for (guint i = 0; i < kinds->len; i++)
		say_kind(g_ptr_array_index(kinds, i));
	if (lk_report_others(report) > 0)
		say_number(_("Further requests, of more kinds than are counted: {number}."), lk_report_others(report));
	if (lk_report_undated(report) > 0)
		say_number(
			_("Requests that were left out, since their lines do not say when: {number}."), lk_report_undated(report));
	if (reader->damaged > 0)
		say_number(_("Lines that are damaged, and were passed over: {number}."), reader->damaged);
	say_number(_("Lines of Latchkey’s that were read: {number}."), reader->ours);
	if (reader->ours == 0)
		lk_cli_complain(
			_("No line of Latchkey’s was found. Is this slapd’s log, and does slapd log at the level stats?"), NULL);
}

static void add_kind(JsonBuilder *builder, const struct lk_report_kind *kind)
{
	json_builder_begin_object(builder);
	lk_cli_json_text(builder, "actor", *kind->actor == '\0' ? NULL : kind->actor);
	lk_cli_json_text(builder, "client", *kind->client == '\0' ? NULL : kind->client);
	lk_cli_json_text(builder, "event", kind->event);
	lk_cli_json_text(builder, "changes", *kind->changes == '\0' ? NULL : kind->changes);
	lk_cli_json_text(builder, "rule", kind->rule);
	lk_cli_json_number(builder, "requests", (gint64)kind->count);
	lk_cli_json_when(builder, "first", kind->first);
	lk_cli_json_when(builder, "last", kind->last);
	lk_cli_json_number(builder, "targets", (gint64)kind->targets);
	lk_cli_json_flag(builder, "moreTargets", kind->more_targets);
	json_builder_set_member_name(builder, "examples");
	json_builder_begin_array(builder);
	for (size_t i = 0; i < LK_REPORT_EXAMPLES && kind->examples[i] != NULL; i++) {
		char *valid = g_utf8_make_valid(kind->examples[i], -1);
		json_builder_add_string_value(builder, valid);
		g_free(valid);
	}
	json_builder_end_array(builder);
	json_builder_end_object(builder);
}

static void print_json(const struct lk_report *report, const struct lk_log_reader *reader, const GPtrArray *kinds)
{
	JsonBuilder *builder = lk_cli_json_begin(true);

	json_builder_set_member_name(builder, "observed");
	json_builder_begin_array(builder);
	for (guint i = 0; i < kinds->len; i++)
		add_kind(builder, g_ptr_array_index(kinds, i));
	json_builder_end_array(builder);
	lk_cli_json_number(builder, "others", (gint64)lk_report_others(report));
	lk_cli_json_number(builder, "undated", (gint64)lk_report_undated(report));
	lk_cli_json_number(builder, "damaged", (gint64)reader->damaged);
	lk_cli_json_number(builder, "read", (gint64)reader->ours);
	lk_cli_json_end(builder);
}

static int show(
	const struct lk_cli_options *options, const struct lk_report *report, const struct lk_log_reader *reader)
{
	GPtrArray *kinds = lk_report_kinds(report);
	int exit_status = kinds->len > 0 ? LK_CLI_REFUSED : LK_CLI_DONE;

	if (options->json)
		print_json(report, reader, kinds);
	else
		say_report(report, reader, kinds);
	g_ptr_array_unref(kinds);
	return exit_status;
}

int lk_cli_report(const struct lk_cli_options *options)
{
	struct lk_log_reader *reader = g_new0(struct lk_log_reader, 1);
	time_t since = 0;
	int exit_status;

	reader->now = time(NULL);
	if (options->since != NULL && !read_since(options->since, reader->now, &since)) {
		g_free(reader);
		return lk_cli_refuse(options, LK_CLI_USAGE,
			_("What follows --since is no time. Give one such as 7d, 36h, 2026-11-22 or 2026-11-22T09:00."));
	}
	reader->seen = lk_report_add;
	reader->context = lk_report_new(since);
	exit_status = read_all(options, reader);
	if (exit_status == LK_CLI_DONE)
		exit_status = show(options, reader->context, reader);
	lk_report_free(reader->context);
	g_free(reader);
	return exit_status;
}
