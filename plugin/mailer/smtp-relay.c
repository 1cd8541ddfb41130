#include "smtp-relay.h"

#include <curl/curl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "private-file.h"
#include "secret.h"
#include "smtp-verdict.h"

#define CONNECT_SECONDS 15L
#define POLL_MILLISECONDS 1000

struct lk_relay {
	CURLM *connections; /* kept between mails */
	CURL *pattern; /* all options but those of a mail */
	/* Of the transaction under way: */
	const struct lk_mail *mail;
	size_t uploaded;
	enum lk_smtp_stage stage;
	GString *reply; /* the last one, its lines joined by spaces */
	GString *refusal; /* the last that said no (4xx, 5xx): libcurl still says QUIT after it */
	gboolean reply_is_complete;
	bool has_signed_in; /* or tried to */
	char error[CURL_ERROR_SIZE];
};

static size_t upload_cb(char *place, size_t size, size_t count, void *data)
{
	struct lk_relay *relay = data;
	size_t left = relay->mail->length - relay->uploaded;
	size_t length = MIN(left, size * count);

	relay->stage = LK_SMTP_CONTENT;
	memcpy(place, relay->mail->bytes + relay->uploaded, length);
	relay->uploaded += length;
	return length;
}

static long code_of(const GString *reply)
{
	return strtol(reply->str, NULL, 10);
}

static void note_reply(struct lk_relay *relay, const char *line, size_t length)
{
	while (length && g_ascii_isspace(line[length - 1]))
		length--;
	if (relay->reply_is_complete)
		g_string_truncate(relay->reply, 0);
	if (relay->reply->len)
		g_string_append_c(relay->reply, ' ');
	if (relay->reply->len < LK_ANSWER_MAX)
		g_string_append_len(relay->reply, line, (gssize)length);
	relay->reply_is_complete = length < 4 || line[3] != '-';
	if (relay->reply_is_complete && code_of(relay->reply) >= 400)
		g_string_assign(relay->refusal, relay->reply->str);
}

/* What was refused before, a way to sign in perhaps, is over. */
static void begin_envelope(struct lk_relay *relay)
{
	relay->stage = LK_SMTP_ENVELOPE;
	g_string_truncate(relay->refusal, 0);
}

/* libcurl's trace is the one place where replies can be read. What it says of our own commands, which is where a
 * password could stand, is looked at for the beginning of the transaction only. */
static int trace_cb(CURL *curl, curl_infotype type, char *text, size_t length, void *data)
{
	struct lk_relay *relay = data;

	(void)curl;
	if (type == CURLINFO_HEADER_IN)
		note_reply(relay, text, length);
	else if (type == CURLINFO_HEADER_OUT && length >= 5 && memcmp(text, "MAIL ", 5) == 0)
		begin_envelope(relay);
	else if (type == CURLINFO_HEADER_OUT && length >= 5 && memcmp(text, "AUTH ", 5) == 0)
		relay->has_signed_in = true;
	return 0;
}

static void begin(struct lk_relay *relay, const struct lk_mail *mail)
{
	relay->mail = mail;
	relay->uploaded = 0;
	relay->stage = LK_SMTP_CONNECTING;
	relay->reply_is_complete = TRUE;
	relay->error[0] = '\0';
	g_string_truncate(relay->reply, 0);
	g_string_truncate(relay->refusal, 0);
}

/* libcurl's own timeouts end the wait. */
static CURLcode perform(CURLM *connections, CURL *curl)
{
	CURLcode result = CURLE_FAILED_INIT;
	const CURLMsg *message;
	int running, left;

	curl_multi_add_handle(connections, curl);
	while (curl_multi_perform(connections, &running) == CURLM_OK && running)
		curl_multi_poll(connections, NULL, 0, POLL_MILLISECONDS, NULL);
	while ((message = curl_multi_info_read(connections, &left)))
		if (message->msg == CURLMSG_DONE)
			result = message->data.result;
	curl_multi_remove_handle(connections, curl);
	return result;
}

/* A handle a mail: one that stays would keep the mail in its buffer until the next. */
static CURLcode transact(struct lk_relay *relay, const struct lk_mail *mail, long seconds)
{
	struct curl_slist *recipients = curl_slist_append(NULL, mail->to);
	CURL *curl = curl_easy_duphandle(relay->pattern);

	if (!curl || !recipients)
		g_error("out of memory for a mail");
	begin(relay, mail);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail->length);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
	CURLcode result = perform(relay->connections, curl);
	curl_easy_cleanup(curl);
	curl_slist_free_all(recipients);
	return result;
}

/* What the server said last to its refusal or silence; failing that, what libcurl makes of it. */
static char *words_of(const struct lk_relay *relay, CURLcode result)
{
	const char *error = relay->error[0] ? relay->error : curl_easy_strerror(result);

	if (result == CURLE_OK)
		return g_strdup(relay->reply->str);
	if (relay->refusal->len)
		return g_strdup(relay->refusal->str);
	if (!relay->reply->len || code_of(relay->reply))
		return g_strdup(error);
	return g_strconcat(error, ": ", relay->reply->str, NULL); /* no reply that SMTP knows */
}

enum lk_smtp_stage lk_relay_deliver(
	struct lk_relay *relay, const struct lk_mail *mail, long seconds, struct lk_delivery *ret_delivery)
{
	CURLcode result = transact(relay, mail, seconds);
	bool is_accepted = result == CURLE_OK;
	long refusal = code_of(relay->refusal);
	char *words = words_of(relay, result);

	ret_delivery->state = lk_smtp_verdict(relay->stage, refusal, is_accepted);
	ret_delivery->is_away = lk_smtp_is_away(relay->stage, refusal, is_accepted);
	g_strlcpy(ret_delivery->answer, words, sizeof ret_delivery->answer);
	g_free(words);
	return relay->stage;
}

void lk_relay_free(struct lk_relay *relay)
{
	if (!relay)
		return;
	curl_easy_cleanup(relay->pattern);
	curl_multi_cleanup(relay->connections);
	curl_global_cleanup();
	g_string_free(relay->reply, TRUE);
	g_string_free(relay->refusal, TRUE);
	g_free(relay);
}

static int set_password(CURL *curl, const struct lk_relay_config *config, struct lk_complaint *ret_complaint)
{
	struct lk_secret password = {0};

	if (!config->user)
		return 0;
	if (lk_private_file_read(config->password_file, &password, ret_complaint) < 0)
		return -1;
	curl_easy_setopt(curl, CURLOPT_USERNAME, config->user);
	curl_easy_setopt(curl, CURLOPT_PASSWORD, lk_secret_text(&password));
	lk_secret_wipe(&password);
	return 0;
}

static void set_tls(CURL *curl, const struct lk_relay_config *config)
{
	long checks = config->accepts_any_certificate ? 0L : 1L;

	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(config->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, checks);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2 * checks);
	if (config->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, config->ca_file);
}

static void set_options(struct lk_relay *relay, const struct lk_relay_config *config)
{
	curl_easy_setopt(relay->pattern, CURLOPT_URL, config->url);
	curl_easy_setopt(relay->pattern, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(relay->pattern, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(relay->pattern, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(relay->pattern, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(relay->pattern, CURLOPT_READFUNCTION, upload_cb);
	curl_easy_setopt(relay->pattern, CURLOPT_READDATA, relay);
	curl_easy_setopt(relay->pattern, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(relay->pattern, CURLOPT_DEBUGFUNCTION, trace_cb);
	curl_easy_setopt(relay->pattern, CURLOPT_DEBUGDATA, relay);
	curl_easy_setopt(relay->pattern, CURLOPT_ERRORBUFFER, relay->error);
	curl_easy_setopt(relay->pattern, CURLOPT_CONNECTTIMEOUT, MIN(CONNECT_SECONDS, config->timeout));
	curl_easy_setopt(relay->pattern, CURLOPT_SERVER_RESPONSE_TIMEOUT, config->timeout);
	curl_easy_setopt(relay->pattern, CURLOPT_TIMEOUT, (long)LK_DELIVERY_SECONDS);
}

int lk_relay_new(const struct lk_relay_config *config, struct lk_relay **ret_relay, struct lk_complaint *ret_complaint)
{
	struct lk_relay *relay = g_new0(struct lk_relay, 1);

	relay->reply = g_string_sized_new(LK_ANSWER_MAX);
	relay->refusal = g_string_sized_new(LK_ANSWER_MAX);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	relay->connections = curl_multi_init();
	relay->pattern = curl_easy_init();
	if (!relay->connections || !relay->pattern)
		g_error("libcurl cannot be started");
	set_options(relay, config);
	set_tls(relay->pattern, config);
	if (set_password(relay->pattern, config, ret_complaint) < 0) {
		lk_relay_free(relay);
		return -1;
	}
	*ret_relay = relay;
	return 0;
}

bool lk_relay_probe(const struct lk_relay_config *config, struct lk_complaint *ret_complaint)
{
	static const struct lk_mail none = {.from = ""};
	struct lk_relay *relay;

	if (lk_relay_new(config, &relay, ret_complaint) < 0)
		return false;
	begin(relay, &none);
	curl_easy_setopt(relay->pattern, CURLOPT_CONNECT_ONLY, 1L);
	CURLcode result = perform(relay->connections, relay->pattern);
	bool is_signed_in = relay->has_signed_in || !config->user;
	char *words = words_of(relay, result);
	if (result != CURLE_OK)
		lk_complain(ret_complaint, "%s", words);
	else if (!is_signed_in)
		lk_complain(ret_complaint, "the server offers no way to sign in as %s", config->user);
	g_free(words);
	lk_relay_free(relay);
	return result == CURLE_OK && is_signed_in;
}
