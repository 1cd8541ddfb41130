/* latchkey-mailer(8): the command line. */

#include <getopt.h>
#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "bounce.h"
#include "check.h"
#include "directory.h"
#include "health.h"
#include "keys.h"
#include "mailer-paths.h"
#include "preview.h"
#include "program.h"
#include "rekey.h"
#include "service.h"
#include "setup.h"
#include "stop.h"

enum { EXIT_DONE = 0, EXIT_NOT_DONE = 1, EXIT_USAGE = 2 };

#define DAY 86400

struct options {
	const char *config;
	const char *out;
	const char *metrics;
	const char *warning;
	const char *critical;
	const char *failed_within;
	const char *lang;
	const char *directory; /* not NULL: ask it as well */
	const char *as;
	const char *by;
	const char *purpose; /* of a key */
	const char *recipient;
	const char *sender;
	const char *kind; /* the word after the verb */
};

static const char usage[] =
	"Usage: latchkey-mailer run --config FILE [--metrics FILE]    deliver messages until told to end\n"
	"       latchkey-mailer once --config FILE [--metrics FILE]   deliver what is due now, and end\n"
	"       latchkey-mailer check --config FILE                   try everything it needs, and say what is wrong\n"
	"       latchkey-mailer health --config FILE|--metrics FILE   how the mailer that runs is doing, for monitoring\n"
	"           [--warning SECONDS] [--critical SECONDS] [--failed-within SECONDS] [--directory]\n"
	"       latchkey-mailer bounce --config FILE [--recipient ADDRESS] [--sender ADDRESS]\n"
	"                                                             report a mail that came back, from standard input\n"
	"       latchkey-mailer keygen --out FILE                     make a key pair, its private half in FILE\n"
	"       latchkey-mailer keygen --for bounces --out FILE       make a key for bounce addresses\n"
	"       slapcat | latchkey-mailer rekey --config FILE         list what still needs an old key\n"
	"       latchkey-mailer preview KIND --config FILE [--lang TAG] [--as text|html]\n"
	"           [--by administrator|user]\n"
	"                                                             show the mail of a kind, about nobody\n"
	"       latchkey-mailer --help | --version\n"
	"\n"
	"Sends the mails that slapd's overlay latchkey has queued. The configuration file and the\n"
	"exit status are described in latchkey-mailer(8).\n";

static int complain(const char *text)
{
	fprintf(stderr, "latchkey-mailer: %s\n", text);
	return EXIT_USAGE;
}

static int want_config(const struct options *options)
{
	return options->config ? 0 : complain("say where the configuration is: --config FILE");
}

static int serve(const struct options *options, int (*work)(const char *, const char *, struct lk_setup *))
{
	struct lk_complaint complaint;
	struct lk_setup setup;

	if (want_config(options) != 0)
		return EXIT_USAGE;
	if (lk_stop_init() < 0)
		return complain("signals cannot be waited for");
	if (lk_setup_load(options->config, &setup, &complaint) < 0)
		return complain(complaint.text);
	int status = work(options->config, options->metrics, &setup);
	lk_setup_free(&setup);
	return status;
}

static int run(const struct options *options)
{
	return serve(options, lk_service_run);
}

static int once(const struct options *options)
{
	return serve(options, lk_service_once);
}

static int check(const struct options *options)
{
	if (want_config(options) != 0)
		return EXIT_USAGE;
	lk_program_speak(LK_CATALOGS);
	return lk_check(options->config, options->metrics);
}

static int keygen(const struct options *options)
{
	struct lk_complaint complaint;
	char public_key[LK_KEY_TEXT + 1];

	if (!options->out)
		return complain("say where the private key is to go: --out FILE");
	if (options->purpose && strcmp(options->purpose, "bounces") != 0)
		return complain("a key is made for mails, or with --for bounces for these");
	if (options->purpose)
		return lk_keys_generate_for_bounces(options->out, &complaint) < 0 ? complain(complaint.text) : EXIT_DONE;
	if (lk_keys_generate(options->out, public_key, &complaint) < 0)
		return complain(complaint.text);
	printf("olcLatchkeyMailerKey: %s\n", public_key);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

static int bounce(const struct options *options)
{
	const struct lk_bounce_envelope envelope = {.recipient = options->recipient, .sender = options->sender};

	return lk_bounce(options->config, &envelope);
}

static int rekey(const struct options *options)
{
	struct lk_complaint complaint;
	struct lk_config *config;
	struct lk_keys keys;

	if (want_config(options) != 0)
		return EXIT_USAGE;
	if (lk_config_load(options->config, &config, &complaint) < 0)
		return complain(complaint.text);
	const char *const *files = (const char *const *)config->key_files;
	int status = EXIT_USAGE;
	if (lk_keys_load(files, &keys, &complaint) < 0) {
		complain(complaint.text);
	} else {
		status = lk_rekey(&keys, files);
		lk_keys_free(&keys);
	}
	lk_config_free(config);
	return status;
}

static int tell_health(enum lk_health health, const char *reason, const struct lk_metrics *metrics)
{
	const double *settled = metrics->settled;

	printf("LATCHKEY %s - %s | sent=%.0fc deferred=%.0fc failed=%.0fc backlog=%.0fs undelivered=%.0f\n",
		lk_health_name(health), reason, settled[LK_STATE_SENT], settled[LK_STATE_DEFERRED], settled[LK_STATE_FAILED],
		metrics->backlog_age, metrics->undelivered);
	return (int)health;
}

static bool read_seconds(const char *text, double standard, double *ret_seconds)
{
	guint64 number;

	*ret_seconds = standard;
	if (!text)
		return true;
	if (!g_ascii_string_to_unsigned(text, 10, 0, 1000000000, &number, NULL))
		return false;
	*ret_seconds = (double)number;
	return true;
}

static bool ask_directory(
	const struct lk_config *config, struct lk_metrics *metrics, struct lk_complaint *ret_complaint)
{
	struct lk_directory *directory = lk_directory_new(&config->directory);
	struct lk_overview overview;
	bool answers = lk_directory_connect(directory) && lk_directory_overview(directory, &overview);

	if (answers)
		metrics->undelivered = overview.failed;
	else
		lk_complain(ret_complaint, "the directory does not answer: %s", lk_directory_reason(directory));
	lk_directory_free(directory);
	return answers;
}

/* What a monitoring system makes of the exit status leaves no room for EXIT_USAGE. */
static int judge(
	const struct options *options, const struct lk_config *config, const char *path, const char *bounces_path)
{
	struct lk_metrics metrics = {0}, bounces = {0};
	struct lk_complaint complaint;
	struct lk_health_limits limits;
	const char *reason;

	if (!read_seconds(options->warning, 120, &limits.warning) ||
		!read_seconds(options->critical, 900, &limits.critical) ||
		!read_seconds(options->failed_within, DAY, &limits.failed_within))
		return tell_health(LK_HEALTH_UNKNOWN, "a limit is no number of seconds", &metrics);
	if (!path)
		return tell_health(
			LK_HEALTH_UNKNOWN, "say where the mailer writes: --metrics FILE, or [service] metrics", &metrics);
	if (lk_metrics_read(path, &metrics, &complaint) < 0)
		return tell_health(LK_HEALTH_UNKNOWN, complaint.text, &metrics);
	/* The file begins with the first mail that comes back. */
	if (bounces_path && access(bounces_path, F_OK) == 0 && lk_metrics_read(bounces_path, &bounces, &complaint) < 0)
		return tell_health(LK_HEALTH_UNKNOWN, complaint.text, &metrics);
	metrics.last_bounced = bounces.last_bounced;
	if (options->directory && !ask_directory(config, &metrics, &complaint))
		return tell_health(LK_HEALTH_CRITICAL, complaint.text, &metrics);
	enum lk_health health = lk_health_judge(&metrics, time(NULL), &limits, &reason);
	return tell_health(health, reason, &metrics);
}

static int health(const struct options *options)
{
	struct lk_complaint complaint;
	struct lk_config *config = NULL;
	struct lk_metrics none = {0};

	if (options->config && lk_config_load(options->config, &config, &complaint) < 0)
		return tell_health(LK_HEALTH_UNKNOWN, complaint.text, &none);
	if (options->directory && !config)
		return tell_health(LK_HEALTH_UNKNOWN, "say where the configuration is: --config FILE", &none);
	int status = judge(options, config,
		options->metrics ? options->metrics
		: config         ? config->metrics
						 : NULL,
		config ? config->bounces.metrics : NULL);
	lk_config_free(config);
	return status;
}

static int show(const struct options *options, const struct lk_preview *preview)
{
	struct lk_complaint complaint;
	struct lk_languages *languages;
	struct lk_config *config;

	if (lk_config_load(options->config, &config, &complaint) < 0)
		return complain(complaint.text);
	int status = lk_mailer_languages(config, &languages, &complaint);
	lk_config_free(config);
	if (status < 0)
		return complain(complaint.text);
	for (const char *const *fault = lk_languages_faults(languages); *fault; fault++)
		complain(*fault);
	bool is_shown = lk_preview(languages, preview);
	lk_languages_free(languages);
	return is_shown ? EXIT_DONE : complain("there is no such kind of mail; latchkey-mailer(8) lists them");
}

static int preview(const struct options *options)
{
	const struct lk_preview wanted = {
		.kind = options->kind,
		.lang = options->lang ? options->lang : "en",
		.as_html = options->as && strcmp(options->as, "html") == 0,
		.is_by_user = options->by && strcmp(options->by, "user") == 0,
	};

	if (!options->kind)
		return complain("say which mail: preview KIND; latchkey-mailer(8) lists them");
	if (want_config(options) != 0)
		return EXIT_USAGE;
	if (options->as && !wanted.as_html && strcmp(options->as, "text") != 0)
		return complain("a mail is shown as text or as html");
	if (options->by && !wanted.is_by_user && strcmp(options->by, "administrator") != 0)
		return complain("a mail tells of what was done by administrator or by user");
	return show(options, &wanted);
}

static const struct {
	const char *name;
	int (*work)(const struct options *options);
} verbs[] = {{"run", run}, {"once", once}, {"bounce", bounce}, {"check", check}, {"health", health}, {"keygen", keygen},
	{"preview", preview}, {"rekey", rekey}};

static int dispatch(const char *name, const struct options *options)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return verbs[i].work(options);
	return complain("there is no such verb; see latchkey-mailer --help");
}

static const struct option known[] = {
	{"config", required_argument, NULL, offsetof(struct options, config)},
	{"out", required_argument, NULL, offsetof(struct options, out)},
	{"metrics", required_argument, NULL, offsetof(struct options, metrics)},
	{"warning", required_argument, NULL, offsetof(struct options, warning)},
	{"critical", required_argument, NULL, offsetof(struct options, critical)},
	{"failed-within", required_argument, NULL, offsetof(struct options, failed_within)},
	{"lang", required_argument, NULL, offsetof(struct options, lang)},
	{"directory", no_argument, NULL, offsetof(struct options, directory)},
	{"as", required_argument, NULL, offsetof(struct options, as)},
	{"by", required_argument, NULL, offsetof(struct options, by)},
	{"for", required_argument, NULL, offsetof(struct options, purpose)},
	{"recipient", required_argument, NULL, offsetof(struct options, recipient)},
	{"sender", required_argument, NULL, offsetof(struct options, sender)},
	{"help", no_argument, NULL, 'h' << 8},
	{"version", no_argument, NULL, 'V' << 8},
	{NULL, 0, NULL, 0},
};

/* A mail server returns a mail for most statuses; it must not for a fault of its own settings. Asked before
 * getopt_long() changes the order of the words. */
static int usage_status(int argc, char **argv)
{
	return argc > 1 && strcmp(argv[1], "bounce") == 0 ? EX_TEMPFAIL : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options options = {NULL};
	int option, misused = usage_status(argc, argv);

	lk_program_harden();
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'h' << 8)
			return fputs(usage, stdout) < 0;
		if (option == 'V' << 8)
			return puts("latchkey-mailer " LK_VERSION) < 0;
		if (option == '?') /* greater than any offset that is possible here */
			return misused;
		*(const char **)((char *)&options + option) = optarg ? optarg : "";
	}
	bool takes_kind = optind + 2 == argc && strcmp(argv[optind], "preview") == 0;
	if (takes_kind)
		options.kind = argv[optind + 1];
	if (optind + 1 != argc && !takes_kind) {
		complain("say what to do; see latchkey-mailer --help");
		return misused;
	}
	if (sodium_init() < 0)
		return complain("libsodium cannot be started");
	return dispatch(argv[optind], &options);
}
