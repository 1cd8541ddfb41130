#include "smtp.h"

#include <curl/curl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "private-file.h"
#include "secret.h"
#include "smtp-verdict.h"

#define CONNECT_SECONDS 15L
#define REPLY_SECONDS 30L
#define POLL_MILLISECONDS 1000

struct lk_smtp {
	struct lk_transport transport; /* first, so that one is the other */
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
	struct lk_smtp *smtp = data;
	size_t left = smtp->mail->length - smtp->uploaded;
	size_t length = MIN(left, size * count);

	smtp->stage = LK_SMTP_CONTENT;
	memcpy(place, smtp->mail->bytes + smtp->uploaded, length);
	smtp->uploaded += length;
	return length;
}

static long code_of(const GString *reply)
{
	return strtol(reply->str, NULL, 10);
}

static void note_reply(struct lk_smtp *smtp, const char *line, size_t length)
{
	while (length && g_ascii_isspace(line[length - 1]))
		length--;
	if (smtp->reply_is_complete)
		g_string_truncate(smtp->reply, 0);
	if (smtp->reply->len)
		g_string_append_c(smtp->reply, ' ');
	if (smtp->reply->len < LK_ANSWER_MAX)
		g_string_append_len(smtp->reply, line, (gssize)length);
	smtp->reply_is_complete = length < 4 || line[3] != '-';
	if (smtp->reply_is_complete && code_of(smtp->reply) >= 400)
		g_string_assign(smtp->refusal, smtp->reply->str);
}

/* What was refused before, a way to sign in perhaps, is over. */
static void begin_envelope(struct lk_smtp *smtp)
{
	smtp->stage = LK_SMTP_ENVELOPE;
	g_string_truncate(smtp->refusal, 0);
}

/* libcurl's trace is the one place where replies can be read. What it says of our own commands, which is where a
 * password could stand, is looked at for the beginning of the transaction only. */
static int trace_cb(CURL *curl, curl_infotype type, char *text, size_t length, void *data)
{
	struct lk_smtp *smtp = data;

	(void)curl;
	if (type == CURLINFO_HEADER_IN)
		note_reply(smtp, text, length);
	else if (type == CURLINFO_HEADER_OUT && length >= 5 && memcmp(text, "MAIL ", 5) == 0)
		begin_envelope(smtp);
	else if (type == CURLINFO_HEADER_OUT && length >= 5 && memcmp(text, "AUTH ", 5) == 0)
		smtp->has_signed_in = true;
	return 0;
}

static void begin(struct lk_smtp *smtp, const struct lk_mail *mail)
{
	smtp->mail = mail;
	smtp->uploaded = 0;
	smtp->stage = LK_SMTP_CONNECTING;
	smtp->reply_is_complete = TRUE;
	smtp->error[0] = '\0';
	g_string_truncate(smtp->reply, 0);
	g_string_truncate(smtp->refusal, 0);
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
static CURLcode transact(struct lk_smtp *smtp, const struct lk_mail *mail)
{
	struct curl_slist *recipients = curl_slist_append(NULL, mail->to);
	CURL *curl = curl_easy_duphandle(smtp->pattern);

	if (!curl || !recipients)
		g_error("out of memory for a mail");
	begin(smtp, mail);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail->length);
	CURLcode result = perform(smtp->connections, curl);
	curl_easy_cleanup(curl);
	curl_slist_free_all(recipients);
	return result;
}

static void deliver(struct lk_transport *transport, const struct lk_mail *mail, struct lk_delivery *ret_delivery)
{
	struct lk_smtp *smtp = (struct lk_smtp *)transport;
	CURLcode result = transact(smtp, mail);
	bool is_accepted = result == CURLE_OK;
	long refusal = code_of(smtp->refusal);
	const char *answer = smtp->error[0] ? smtp->error : curl_easy_strerror(result);

	if (is_accepted)
		answer = smtp->reply->str;
	else if (refusal)
		answer = smtp->refusal->str;
	ret_delivery->state = lk_smtp_verdict(smtp->stage, refusal, is_accepted);
	ret_delivery->is_away = lk_smtp_is_away(smtp->stage, refusal, is_accepted);
	g_strlcpy(ret_delivery->answer, answer, sizeof ret_delivery->answer);
}

static void smtp_free(struct lk_transport *transport)
{
	struct lk_smtp *smtp = (struct lk_smtp *)transport;

	curl_easy_cleanup(smtp->pattern);
	curl_multi_cleanup(smtp->connections);
	curl_global_cleanup();
	g_string_free(smtp->reply, TRUE);
	g_string_free(smtp->refusal, TRUE);
	g_free(smtp);
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

static void set_options(struct lk_smtp *smtp, const struct lk_relay_config *config)
{
	curl_easy_setopt(smtp->pattern, CURLOPT_URL, config->url);
	curl_easy_setopt(smtp->pattern, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(smtp->pattern, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(smtp->pattern, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(smtp->pattern, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(smtp->pattern, CURLOPT_READFUNCTION, upload_cb);
	curl_easy_setopt(smtp->pattern, CURLOPT_READDATA, smtp);
	curl_easy_setopt(smtp->pattern, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(smtp->pattern, CURLOPT_DEBUGFUNCTION, trace_cb);
	curl_easy_setopt(smtp->pattern, CURLOPT_DEBUGDATA, smtp);
	curl_easy_setopt(smtp->pattern, CURLOPT_ERRORBUFFER, smtp->error);
	curl_easy_setopt(smtp->pattern, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(smtp->pattern, CURLOPT_SERVER_RESPONSE_TIMEOUT, REPLY_SECONDS);
	curl_easy_setopt(smtp->pattern, CURLOPT_TIMEOUT, (long)LK_DELIVERY_SECONDS);
}

int lk_smtp_new(
	const struct lk_relay_config *config, struct lk_transport **ret_transport, struct lk_complaint *ret_complaint)
{
	struct lk_smtp *smtp = g_new0(struct lk_smtp, 1);

	smtp->transport = (struct lk_transport){.deliver = deliver, .free = smtp_free};
	smtp->reply = g_string_sized_new(LK_ANSWER_MAX);
	smtp->refusal = g_string_sized_new(LK_ANSWER_MAX);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	smtp->connections = curl_multi_init();
	smtp->pattern = curl_easy_init();
	if (!smtp->connections || !smtp->pattern)
		g_error("libcurl cannot be started");
	set_options(smtp, config);
	set_tls(smtp->pattern, config);
	if (set_password(smtp->pattern, config, ret_complaint) < 0) {
		smtp_free(&smtp->transport);
		return -1;
	}
	*ret_transport = &smtp->transport;
	return 0;
}

bool lk_smtp_probe(const struct lk_relay_config *config, struct lk_complaint *ret_complaint)
{
	struct lk_transport *transport;

	if (lk_smtp_new(config, &transport, ret_complaint) < 0)
		return false;
	struct lk_smtp *smtp = (struct lk_smtp *)transport;
	static const struct lk_mail none = {.from = ""};
	begin(smtp, &none);
	curl_easy_setopt(smtp->pattern, CURLOPT_CONNECT_ONLY, 1L);
	CURLcode result = perform(smtp->connections, smtp->pattern);
	bool is_signed_in = smtp->has_signed_in || !config->user;
	if (result != CURLE_OK)
		lk_complain(ret_complaint, "%s%s%s", smtp->error[0] ? smtp->error : curl_easy_strerror(result),
			smtp->refusal->len ? ": " : "", smtp->refusal->str);
	else if (!is_signed_in)
		lk_complain(ret_complaint, "the server offers no way to sign in as %s", config->user);
	smtp_free(transport);
	return result == CURLE_OK && is_signed_in;
}
