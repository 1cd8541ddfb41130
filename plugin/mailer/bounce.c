#include "bounce.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "compose.h"
#include "directory.h"
#include "log.h"
#include "metrics.h"
#include "return-path.h"
#include "returned.h"
#include "secret.h"

#define MOST_OCTETS (256 * 1024) /* what is read of a mail; the status stands before what is returned */
#define TRIES 10
#define TRY_AGAIN_MILLISECONDS 300

static int refuse(int status, const char *reason)
{
	lk_log("bounce-refused", "reason", reason, NULL);
	return status;
}

/* Whatever may be put right: the mail server tries again, and nothing is lost. */
static int put_off(const char *reason)
{
	lk_log("bounce-deferred", "reason", reason, NULL);
	return EX_TEMPFAIL;
}

/* --- the envelope ------------------------------------------------------------------------------------------------- */

/* Mail servers write the null sender in these ways. A report has no other (RFC 3464 section 2), and who answers a
 * report would begin a loop. */
static bool is_null_sender(const char *sender)
{
	size_t length = strcspn(sender, "@");

	return !*sender || strcmp(sender, "<>") == 0 ||
		   (length == strlen("MAILER-DAEMON") && g_ascii_strncasecmp(sender, "MAILER-DAEMON", length) == 0);
}

static bool has_null_sender(const struct lk_bounce_envelope *envelope)
{
	const char *sender = envelope->sender ? envelope->sender : g_getenv("SENDER");

	return !sender || is_null_sender(sender);
}

/* Mail servers that have rewritten the address know the original one too. */
static bool find_sending(const struct lk_config *config, const struct lk_keys *keys,
	const struct lk_bounce_envelope *envelope, struct lk_sending *ret_sending)
{
	const char *const addresses[] = {envelope->recipient, g_getenv("ORIGINAL_RECIPIENT"), g_getenv("RECIPIENT")};
	size_t count = envelope->recipient ? 1 : G_N_ELEMENTS(addresses);

	for (size_t i = 0; i < count; i++)
		if (addresses[i] && lk_return_path_read(config, keys, addresses[i], ret_sending))
			return true;
	return false;
}

static bool names_recipient(const struct lk_bounce_envelope *envelope)
{
	return envelope->recipient || g_getenv("ORIGINAL_RECIPIENT") || g_getenv("RECIPIENT");
}

/* --- the mail ----------------------------------------------------------------------------------------------------- */

/* A mail server whose pipe is closed too early may call that a failure, so the rest is read too. What is returned can
 * hold a code or a password. */
static bool read_mail(struct lk_secret *mail)
{
	char piece[4096];
	ssize_t got;

	do {
		got = read(STDIN_FILENO, piece, sizeof piece);
		if (got > 0 && mail->length < MOST_OCTETS)
			lk_secret_append(mail, piece, (size_t)got);
	} while (got > 0 || (got < 0 && errno == EINTR));
	return got == 0;
}

/* --- the report --------------------------------------------------------------------------------------------------- */

/* A host may be quicker with its no than the mailer with saying that the mail was sent. */
static int tell(struct lk_directory *directory, const struct lk_sending *sending, bool has_failed, const char *words)
{
	int result = LDAP_BUSY;

	for (int i = 0; i < TRIES && result == LDAP_BUSY; i++) {
		if (i)
			g_usleep(1000 * TRY_AGAIN_MILLISECONDS);
		result = lk_directory_bounce(directory, sending, has_failed, words);
	}
	return result;
}

/* That it cannot be counted is no reason to have it reported again. */
static void count(const struct lk_config *config)
{
	struct lk_complaint complaint;

	if (config->bounces.metrics && lk_metrics_count_bounce(config->bounces.metrics, time(NULL), &complaint) < 0)
		lk_log("metrics-failed", "error", complaint.text, NULL);
}

static int report(const struct lk_config *config, const struct lk_sending *sending, bool has_failed, const char *words)
{
	struct lk_directory *directory = lk_directory_new(&config->directory);
	int result = LDAP_SERVER_DOWN;
	char *reason;

	if (lk_directory_connect(directory)) {
		result = tell(directory, sending, has_failed, words);
		reason = g_strdup(ldap_err2string(result));
	} else {
		reason = g_strdup(lk_directory_reason(directory));
	}
	/* Of an entry that has gone nobody wants to know any more. */
	int status = result == LDAP_SUCCESS || result == LDAP_NO_SUCH_OBJECT ? EX_OK : put_off(reason);
	if (result == LDAP_SUCCESS && has_failed)
		count(config);
	if (status == EX_OK)
		lk_log(result != LDAP_SUCCESS ? "message-gone" : has_failed ? "bounced" : "delayed", "answer", words, NULL);
	g_free(reason);
	lk_directory_free(directory);
	return status;
}

static int handle(const struct lk_config *config, const struct lk_sending *sending, const struct lk_secret *mail)
{
	struct lk_delivery_status status;
	char words[LK_ANSWER_MAX + 1];

	lk_compose_init();
	bool is_report = lk_returned_read(lk_secret_text(mail), mail->length, &status);
	lk_compose_end();
	if (!is_report)
		return refuse(EX_DATAERR, "this is no delivery status notification");
	if (status.action == LK_DELIVERY_DONE)
		return EX_OK;
	lk_returned_words(&status, words);
	return report(config, sending, status.action == LK_DELIVERY_FAILED, words);
}

static int open_and_handle(
	const struct lk_config *config, const struct lk_bounce_envelope *envelope, const struct lk_secret *mail)
{
	struct lk_complaint complaint;
	struct lk_sending sending;
	struct lk_keys keys;

	if (!config->bounces.domain)
		return put_off("the configuration has no bounce domain");
	if (!names_recipient(envelope))
		return put_off("the mail server does not say who the mail is for: --recipient");
	if (lk_return_path_keys(config, &keys, &complaint) < 0)
		return put_off(complaint.text);
	bool is_known = find_sending(config, &keys, envelope, &sending);
	lk_keys_free(&keys);
	if (!is_known)
		return refuse(EX_NOUSER, "nothing was sent with this address");
	if (!has_null_sender(envelope))
		return refuse(EX_DATAERR, "this is somebody's mail, and no report");
	return handle(config, &sending, mail);
}

static int load_and_handle(
	const char *config_path, const struct lk_bounce_envelope *envelope, const struct lk_secret *mail)
{
	struct lk_complaint complaint;
	struct lk_config *config;

	if (!config_path)
		return put_off("say where the configuration is: --config FILE");
	if (lk_config_load(config_path, &config, &complaint) < 0)
		return put_off(complaint.text);
	int status = open_and_handle(config, envelope, mail);
	lk_config_free(config);
	return status;
}

int lk_bounce(const char *config_path, const struct lk_bounce_envelope *envelope)
{
	struct lk_secret mail = {0};
	int status = read_mail(&mail) ? load_and_handle(config_path, envelope, &mail) : put_off("the mail cannot be read");

	lk_secret_wipe(&mail);
	return status;
}
