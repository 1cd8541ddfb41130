/* latchkey-mailer(8): the command line. */

#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "config.h"
#include "keys.h"
#include "mailer-paths.h"
#include "mailer.h"
#include "service.h"
#include "stop.h"

enum { EXIT_DONE = 0, EXIT_NOT_DONE = 1, EXIT_USAGE = 2 };

struct options {
	const char *config;
	const char *out;
};

static const char usage[] = "Usage: latchkey-mailer run --config FILE     deliver messages until told to end\n"
							"       latchkey-mailer once --config FILE    deliver what is due now, and end\n"
							"       latchkey-mailer keygen --out FILE     make a key pair, its private half in FILE\n"
							"       latchkey-mailer --help | --version\n"
							"\n"
							"Sends the mails that slapd's overlay latchkey has queued. The configuration file and the\n"
							"exit status are described in latchkey-mailer(8).\n";

static int complain(const char *text)
{
	fprintf(stderr, "latchkey-mailer: %s\n", text);
	return EXIT_USAGE;
}

/* Keys, codes and passwords pass through here: no core is dumped, nobody but root looks in, and what GMime, libcurl and
 * libldap free is overwritten at once. (The smallest blocks escape that: glibc keeps some of them aside untouched.) */
static void harden(void)
{
	static const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	mallopt(M_PERTURB, 1);
}

static int serve(const struct options *options, int (*work)(const struct lk_config *, struct lk_mailer *))
{
	struct lk_complaint complaint;
	struct lk_mailer mailer;
	struct lk_config *config;

	if (!options->config)
		return complain("say where the configuration is: --config FILE");
	if (lk_stop_init() < 0)
		return complain("signals cannot be waited for");
	if (lk_config_load(options->config, &config, &complaint) < 0)
		return complain(complaint.text);
	if (lk_mailer_open(config, &mailer, &complaint) < 0) {
		lk_config_free(config);
		return complain(complaint.text);
	}
	int status = work(config, &mailer);
	lk_mailer_close(&mailer);
	lk_config_free(config);
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

static int keygen(const struct options *options)
{
	struct lk_complaint complaint;
	char public_key[LK_KEY_TEXT + 1];

	if (!options->out)
		return complain("say where the private key is to go: --out FILE");
	if (lk_keys_generate(options->out, public_key, &complaint) < 0)
		return complain(complaint.text);
	printf("olcLatchkeyMailerKey: %s\n", public_key);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}

static const struct {
	const char *name;
	int (*work)(const struct options *options);
} verbs[] = {{"run", run}, {"once", once}, {"keygen", keygen}};

static int dispatch(const char *name, const struct options *options)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return verbs[i].work(options);
	return complain("there is no such verb; see latchkey-mailer --help");
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"out", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct options options = {NULL, NULL};
	int option;

	harden();
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'h')
			return fputs(usage, stdout) < 0;
		if (option == 'V')
			return puts("latchkey-mailer " LK_VERSION) < 0;
		if (option == '?')
			return EXIT_USAGE;
		*(option == 'c' ? &options.config : &options.out) = optarg;
	}
	if (optind + 1 != argc)
		return complain("say one of run, once and keygen; see latchkey-mailer --help");
	if (sodium_init() < 0)
		return complain("libsodium cannot be started");
	return dispatch(argv[optind], &options);
}
