/* latchkey-web(8): the command line, and the life of the service. */

#include <getopt.h>
#include <glib.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "check.h"
#include "log.h"
#include "program.h"
#include "server.h"
#include "web-paths.h"

enum { EXIT_DONE = 0, EXIT_NOT_DONE = 1, EXIT_USAGE = 2 };

static const char usage[] =
	"Usage: latchkey-web run --config FILE      serve the pages until told to end\n"
	"       latchkey-web check --config FILE    try everything it needs, and say what is wrong\n"
	"       latchkey-web --help | --version\n"
	"\n"
	"Serves the pages on which people who cannot sign in get back into their accounts, behind a web\n"
	"server, which speaks TLS with them. The configuration is described in latchkey-web(8).\n";

static int complain(const char *text)
{
	fprintf(stderr, "latchkey-web: %s\n", text);
	return EXIT_USAGE;
}

/* --- run ---------------------------------------------------------------------------------------------------------- */

/* Half of the time after which systemd takes us for hung; a minute where it does not look. */
static struct timespec interval(void)
{
	uint64_t microseconds = 0;

	if (sd_watchdog_enabled(0, &microseconds) <= 0)
		return (struct timespec){.tv_sec = 60};
	microseconds /= 2;
	return (struct timespec){
		.tv_sec = (time_t)(microseconds / 1000000), .tv_nsec = (long)(microseconds % 1000000) * 1000};
}

static void wait_for_end(struct lk_web_server *server, const sigset_t *ends)
{
	struct timespec pause = interval();

	while (sigtimedwait(ends, NULL, &pause) < 0)
		if (lk_web_server_is_alive(server))
			sd_notify(0, "WATCHDOG=1");
}

static int serve(const struct lk_web_site *site, const sigset_t *ends)
{
	struct lk_complaint complaint;
	struct lk_web_server *server;

	if (lk_web_server_start(site, &server, &complaint) < 0)
		return complain(complaint.text);
	lk_log("start", "listen", site->config->listen, "version", LK_WEB_VERSION, NULL);
	sd_notify(0, "READY=1");
	wait_for_end(server, ends);
	sd_notify(0, "STOPPING=1");
	lk_web_server_stop(server);
	lk_log("stop", NULL);
	return EXIT_DONE;
}

static int run(const char *path)
{
	struct lk_web_site site = {NULL};
	struct lk_complaint complaint;
	struct lk_web_config *config;
	sigset_t ends;

	/* Before there are threads, so that all of them leave these to us. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	if (lk_web_config_load(path, &config, &complaint) < 0)
		return complain(complaint.text);
	site.config = config;
	int status = EXIT_USAGE;
	if (lk_web_key_load(config, site.key, &complaint) < 0) {
		complain(complaint.text);
	} else {
		if (!lk_web_texts_load(config->catalogs))
			lk_log("texts", "missing", "ko", NULL);
		site.attempts = lk_web_attempts_new();
		status = serve(&site, &ends);
		lk_web_attempts_free(site.attempts);
	}
	sodium_memzero(site.key, sizeof site.key);
	lk_web_config_free(config);
	return status;
}

static int dispatch(const char *verb, const char *config)
{
	bool runs = strcmp(verb, "run") == 0;

	if (!runs && strcmp(verb, "check") != 0)
		return complain("there is no such verb; see latchkey-web --help");
	if (config == NULL)
		return complain("say where the configuration is: --config FILE");
	if (runs)
		return run(config);
	lk_program_speak(LK_WEB_CATALOGS);
	return lk_web_check(config);
}

int main(int argc, char **argv)
{
	static const struct option known[] = {{"config", required_argument, NULL, 'c'}, {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'}, {0}};
	const char *config = NULL;
	int option;

	lk_program_harden();
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'h':
			return fputs(usage, stdout) < 0;
		case 'V':
			return puts("latchkey-web " LK_WEB_VERSION) < 0;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind + 1 != argc)
		return complain("say what to do; see latchkey-web --help");
	if (sodium_init() < 0)
		return complain("libsodium cannot be started");
	return dispatch(argv[optind], config);
}
