#include "smtp.h"

#include <glib.h>

#include "smtp-relay.h"

#define ENOUGH_SECONDS 5 /* to begin with another relay */

struct lk_smtp {
	struct lk_transport transport; /* first, so that one is the other */
	struct lk_rest *rest;
	size_t count;
	struct lk_relay *relays[];
};

static gint64 milliseconds(void)
{
	return g_get_monotonic_time() / 1000;
}

/* Whether the next relay may be asked: this one did not want us, and cannot have the mail. */
static bool is_free_to_go(const struct lk_delivery *delivery, enum lk_smtp_stage stage)
{
	return delivery->is_away && stage != LK_SMTP_CONTENT;
}

static void deliver(struct lk_transport *transport, const struct lk_mail *mail, struct lk_delivery *ret_delivery)
{
	struct lk_smtp *smtp = (struct lk_smtp *)transport;
	gint64 end = milliseconds() + 1000 * LK_DELIVERY_SECONDS;

	*ret_delivery = (struct lk_delivery){
		.state = LK_STATE_DEFERRED, .is_away = true, .answer = "no mail server could be reached a moment ago"};
	for (size_t i = 0; i < smtp->count; i++) {
		long left = (long)((end - milliseconds()) / 1000);
		if (left < ENOUGH_SECONDS || !lk_rest_may_try(smtp->rest, i, milliseconds()))
			continue;
		enum lk_smtp_stage stage = lk_relay_deliver(smtp->relays[i], mail, left, ret_delivery);
		lk_rest_note(smtp->rest, i, ret_delivery->is_away, milliseconds());
		if (!is_free_to_go(ret_delivery, stage))
			return;
	}
}

static void smtp_free(struct lk_transport *transport)
{
	struct lk_smtp *smtp = (struct lk_smtp *)transport;

	for (size_t i = 0; i < smtp->count; i++)
		lk_relay_free(smtp->relays[i]);
	g_free(smtp);
}

int lk_smtp_new(const struct lk_config *config, struct lk_rest *rest, struct lk_transport **ret_transport,
	struct lk_complaint *ret_complaint)
{
	struct lk_smtp *smtp = g_malloc0(sizeof *smtp + config->relays_count * sizeof *smtp->relays);

	smtp->transport = (struct lk_transport){.deliver = deliver, .free = smtp_free};
	smtp->rest = rest;
	smtp->count = config->relays_count;
	for (size_t i = 0; i < smtp->count; i++)
		if (lk_relay_new(&config->relays[i], &smtp->relays[i], ret_complaint) < 0) {
			smtp_free(&smtp->transport);
			return -1;
		}
	*ret_transport = &smtp->transport;
	return 0;
}
