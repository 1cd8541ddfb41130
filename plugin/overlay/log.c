/* What the overlay says: one line an event in the form of log-line.h, never a secret. */
#include "overlay.h"

#include <stdarg.h>
#include <stdio.h>

#include "../protocol/log-line.h"

#define LINE_MAX_OCTETS 3968 /* slapd takes 4096 with what it puts before; six values of the greatest length fit */

void lk_warn(const char *format, ...)
{
	char line[LINE_MAX_OCTETS];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	Debug(LDAP_DEBUG_ANY, "latchkey: %s\n", line);
}

/* Where a client has sent OP; what slapd's own tasks do has none. */
static const char *client_of(const Operation *op)
{
	struct lk_client client;

	if (BER_BVISEMPTY(&op->o_conn->c_peer_name))
		return "";
	client = lk_client_see(op);
	return lk_log_client(op, &client.name, &client.via);
}

void lk_log_event(const Operation *op, const char *event, const char *format, ...)
{
	char line[LINE_MAX_OCTETS];
	va_list arguments;

	if (!LogTest(LDAP_DEBUG_STATS))
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	Debug(LDAP_DEBUG_STATS, "%s latchkey event=%s %s%s\n", op->o_log_prefix, event, line, client_of(op));
}

const char *lk_verdict_name(const struct lk_verdict *verdict, bool observe)
{
	if (verdict->allowed)
		return "allowed";
	return observe ? "observed" : "refused";
}

const char *lk_log_value(const Operation *op, const struct berval *value)
{
	char *text = op->o_tmpalloc(LK_LOG_QUOTED_MAX + 1, op->o_tmpmemctx);

	lk_log_quote(value, text);
	return text;
}

const char *lk_log_client(const Operation *op, const struct berval *client, const struct berval *via)
{
	const char *name = lk_log_value(op, client);
	const char *through = BER_BVISEMPTY(via) ? "" : lk_log_value(op, via), *label = *through ? " via=" : "";
	size_t length = strlen(name) + strlen(label) + strlen(through) + sizeof " client=";
	char *text = op->o_tmpalloc(length, op->o_tmpmemctx);

	snprintf(text, length, " client=%s%s%s", name, label, through);
	return text;
}
