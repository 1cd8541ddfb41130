#include "mailer.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "address.h"
#include "answer.h"
#include "compose.h"
#include "json.h"
#include "hook.h"
#include "letter.h"
#include "log.h"
#include "maildir.h"
#include "opening.h"
#include "pace.h"
#include "return-path.h"
#include "secret.h"
#include "smtp.h"

static int open_transport(const struct lk_config *config, struct lk_rest *rest, struct lk_transport **ret_transport,
	struct lk_complaint *ret_complaint)
{
	if (config->maildir)
		return lk_maildir_new(config->maildir, ret_transport, ret_complaint);
	return lk_smtp_new(config, rest, ret_transport, ret_complaint);
}

static int open_transports(const struct lk_config *config, struct lk_mailer *mailer, struct lk_complaint *ret_complaint)
{
	mailer->rest = lk_rest_new(MAX(1, config->relays_count));
	mailer->transports = g_new0(struct lk_transport *, (gsize)config->connections);
	for (long i = 0; i < config->connections; i++) {
		if (open_transport(config, mailer->rest, &mailer->transports[i], ret_complaint) < 0)
			return -1;
		mailer->count++;
	}
	return 0;
}

int lk_mailer_languages(
	const struct lk_config *config, struct lk_languages **ret_languages, struct lk_complaint *ret_complaint)
{
	if (lk_languages_load(config->templates, config->catalogs, ret_languages, ret_complaint) < 0)
		return -1;
	if (config->replacements)
		lk_languages_replace(*ret_languages, config->replacements);
	return 0;
}

static void log_faults(const struct lk_languages *languages)
{
	for (const char *const *fault = lk_languages_faults(languages); *fault; fault++)
		lk_log("template-broken", "error", *fault, NULL);
}

int lk_mailer_open(const struct lk_config *config, struct lk_mailer *ret_mailer, struct lk_complaint *ret_complaint)
{
	struct lk_mailer mailer = {.from = config->from, .config = config};

	lk_compose_init();
	if (lk_keys_load((const char *const *)config->key_files, &mailer.keys, ret_complaint) == 0 &&
		lk_return_path_keys(config, &mailer.bounce_keys, ret_complaint) == 0 &&
		lk_mailer_languages(config, &mailer.languages, ret_complaint) == 0 &&
		open_transports(config, &mailer, ret_complaint) == 0) {
		log_faults(mailer.languages);
		*ret_mailer = mailer;
		return 0;
	}
	lk_mailer_close(&mailer);
	return -1;
}

void lk_mailer_close(struct lk_mailer *mailer)
{
	for (size_t i = 0; i < mailer->count; i++)
		mailer->transports[i]->free(mailer->transports[i]);
	g_free(mailer->transports);
	lk_rest_free(mailer->rest);
	lk_languages_free(mailer->languages);
	lk_keys_free(&mailer->bounce_keys);
	lk_keys_free(&mailer->keys);
	lk_compose_end();
}

/* GMime and libcurl copy a mail through buffers on the stack; this is more than they use. */
#define STACK_TO_ERASE 65536

static void hand_on(const struct lk_mailer *mailer, struct lk_transport *transport, const struct lk_notification *item,
	const struct lk_opened *opened, struct lk_delivery *ret_delivery)
{
	char return_path[LK_ADDRESS_MAX + 1];
	struct lk_secret bytes = {0};
	struct lk_letter letter;

	lk_letter_write(mailer->languages, &opened->envelope, opened->state.created, &letter);
	lk_compose(&letter, opened->state.id, mailer->from, time(NULL), &bytes);
	const struct lk_mail mail = {
		.id = opened->state.id,
		.from = return_path,
		.to = letter.to,
		.bytes = lk_secret_text(&bytes),
		.length = bytes.length,
	};
	lk_return_path_write(mailer->config, &mailer->bounce_keys, &item->entry_uuid, &opened->state, return_path);
	transport->deliver(transport, &mail, ret_delivery);
	lk_secret_wipe(&bytes);
	lk_letter_wipe(&letter);
	sodium_stackzero(STACK_TO_ERASE);
}

/* A hook that is missing may yet be configured: nothing is lost by waiting. */
static void hand_to_hook(const struct lk_mailer *mailer, const char *scheme, const struct lk_opened *opened,
	struct lk_delivery *ret_delivery)
{
	const struct lk_config *config = mailer->config;
	struct lk_secret message = {0};

	ret_delivery->state = LK_STATE_DEFERRED;
	g_snprintf(
		ret_delivery->answer, sizeof ret_delivery->answer, "no hook is configured for addresses with %s:", scheme);
	for (size_t i = 0; i < config->hooks_count; i++) {
		if (strcmp(config->hooks[i].scheme, scheme) != 0)
			continue;
		lk_json_write(mailer->languages, &opened->envelope, opened->state.created, time(NULL), &message);
		lk_hook_run(&config->hooks[i], lk_secret_text(&message), message.length, ret_delivery);
		break;
	}
	lk_secret_wipe(&message);
	sodium_stackzero(STACK_TO_ERASE);
}

/* What was cut off may have been the rest of the secret. */
static void drop_cut_end(struct lk_delivery *delivery, size_t most)
{
	if (strlen(delivery->answer) == LK_WORDS_MAX)
		delivery->answer[LK_WORDS_MAX - MIN(most, LK_WORDS_MAX)] = '\0';
}

/* Tries to send what could be opened. */
static enum lk_state attempt(const struct lk_mailer *mailer, struct lk_transport *transport,
	const struct lk_notification *item, const struct lk_opened *opened, char ret_answer[LK_ANSWER_MAX + 1],
	bool *ret_is_away)
{
	struct lk_delivery delivery = {.state = LK_STATE_DEFERRED};
	char scheme[LK_SCHEME_MOST + 1];

	if (lk_address_has_scheme(&opened->envelope.to, scheme))
		hand_to_hook(mailer, scheme, opened, &delivery);
	else
		hand_on(mailer, transport, item, opened, &delivery);
	drop_cut_end(&delivery, opened->envelope.secret.bv_len);
	lk_answer_clean(delivery.answer, &opened->envelope.secret, ret_answer);
	*ret_is_away = delivery.is_away;
	return delivery.state;
}

/* A deferred message gets its next time, or fails where there is none before its secret is dead. */
static void decide(const struct lk_opened *opened, enum lk_state state, struct lk_outcome *outcome)
{
	double chance = randombytes_uniform(1001) / 1000.0;

	outcome->state = state;
	if (state == LK_STATE_DEFERRED && !lk_pace_retry(time(NULL), opened->state.created, opened->expires,
										  opened->state.tries, chance, &outcome->retry_at))
		outcome->state = LK_STATE_FAILED;
}

static void log_outcome(const struct lk_outcome *outcome, const struct lk_opened *opened)
{
	const struct lk_envelope *envelope = &opened->envelope;
	char *to = envelope->to.bv_len ? g_strndup(envelope->to.bv_val, envelope->to.bv_len) : g_strdup(opened->state.to);
	char tries[16];

	g_snprintf(tries, sizeof tries, "%u", opened->state.tries + 1);
	lk_log(lk_state_name(outcome->state), "id", outcome->id, "kind", lk_kind_name(opened->state.kind), "to", to,
		"tries", tries, "holder", outcome->holder, "answer", outcome->answer, NULL);
	g_free(to);
}

bool lk_mailer_handle(const struct lk_mailer *mailer, struct lk_transport *transport,
	const struct lk_notification *item, struct lk_outcome *ret_outcome, bool *ret_is_away)
{
	struct lk_outcome outcome = {0};
	struct lk_opened opened;
	const char *reason;

	*ret_is_away = false;
	if (!lk_opening_id(item, outcome.id)) {
		lk_log("unreadable", "holder", item->holder, NULL);
		return false;
	}
	enum lk_state state = lk_opening_open(item, &mailer->keys, time(NULL), &opened, &reason);
	if (state == LK_STATE_QUEUED)
		state = attempt(mailer, transport, item, &opened, outcome.answer, ret_is_away);
	else
		g_strlcpy(outcome.answer, reason, sizeof outcome.answer);
	outcome.holder = g_strdup(item->holder);
	outcome.created = opened.state.created;
	decide(&opened, state, &outcome);
	log_outcome(&outcome, &opened);
	lk_opening_wipe(&opened);
	*ret_outcome = outcome;
	return true;
}
