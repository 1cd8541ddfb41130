/* Delivery status notifications. */
#include "delivery-status.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "error.h"

/* What has been read of one recipient. */
struct recipient {
	bool has_action;
	struct lk_delivery_status status;
};

static bool is_space(char octet)
{
	return octet == ' ' || octet == '\t';
}

static bool is_name(const struct berval *text, const char *name)
{
	return text->bv_len == strlen(name) && strncasecmp(text->bv_val, name, text->bv_len) == 0;
}

static struct berval trimmed(struct berval text)
{
	while (text.bv_len && is_space(text.bv_val[0])) {
		text.bv_val++;
		text.bv_len--;
	}
	while (text.bv_len && (is_space(text.bv_val[text.bv_len - 1]) || text.bv_val[text.bv_len - 1] == '\r'))
		text.bv_len--;
	return text;
}

/* Takes the next line off REST, without its end; *ret_line is in REST. */
static bool next_line(struct berval *rest, struct berval *ret_line)
{
	const char *end = rest->bv_len ? memchr(rest->bv_val, '\n', rest->bv_len) : NULL;
	size_t length = end ? (size_t)(end - rest->bv_val) : rest->bv_len;

	if (!rest->bv_len)
		return false;
	*ret_line = (struct berval){length, rest->bv_val};
	rest->bv_val += length + (end ? 1 : 0);
	rest->bv_len -= length + (end ? 1 : 0);
	return true;
}

/* Appends MORE to TEXT as far as there is room, a space between them; NULs are left out. */
static void append(char *text, struct berval more)
{
	size_t length = strlen(text);

	if (length && length < LK_STATUS_TEXT_MAX)
		text[length++] = ' ';
	for (size_t i = 0; i < more.bv_len && length < LK_STATUS_TEXT_MAX; i++) {
		if (more.bv_val[i] && more.bv_val[i] != '\r')
			text[length++] = more.bv_val[i];
	}
	text[length] = '\0';
}

/* "smtp; 550 no" has a type, which says nothing to people. */
static struct berval without_type(struct berval text)
{
	const char *end = text.bv_len ? memchr(text.bv_val, ';', text.bv_len) : NULL;
	size_t length = end ? (size_t)(end - text.bv_val) + 1 : 0;

	return trimmed((struct berval){text.bv_len - length, text.bv_val + length});
}

static void read_action(struct berval text, struct recipient *recipient)
{
	static const struct {
		const char *name;
		enum lk_delivery_action action;
	} actions[] = {{"failed", LK_DELIVERY_FAILED}, {"delayed", LK_DELIVERY_DELAYED}, {"delivered", LK_DELIVERY_DONE},
		{"relayed", LK_DELIVERY_DONE}, {"expanded", LK_DELIVERY_DONE}};

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		if (!is_name(&text, actions[i].name))
			continue;
		recipient->has_action = true;
		recipient->status.action = actions[i].action;
	}
}

/* Reads one field; returns where its text goes on in further lines, or NULL. */
static char *read_field(struct berval line, struct recipient *recipient)
{
	struct lk_delivery_status *status = &recipient->status;
	const char *colon = line.bv_len ? memchr(line.bv_val, ':', line.bv_len) : NULL;
	size_t length = colon ? (size_t)(colon - line.bv_val) : 0;
	struct berval name = trimmed((struct berval){length, line.bv_val});
	struct berval text = colon ? trimmed((struct berval){line.bv_len - length - 1, line.bv_val + length + 1}) : line;
	char *place = NULL;

	if (!colon)
		return NULL;
	if (is_name(&name, "Action"))
		read_action(text, recipient);
	else if (is_name(&name, "Final-Recipient"))
		place = status->recipient;
	else if (is_name(&name, "Status"))
		place = status->code;
	else if (is_name(&name, "Diagnostic-Code"))
		place = status->words;
	else if (is_name(&name, "Remote-MTA"))
		place = status->host;
	if (!place)
		return NULL;
	*place = '\0';
	append(place, place == status->code ? text : without_type(text));
	return place;
}

/* Reads the fields of one recipient, up to an empty line. False at the end of BODY. */
static bool read_recipient(struct berval *body, struct recipient *ret_recipient)
{
	struct berval line;
	char *place = NULL;
	bool has_lines = false;

	*ret_recipient = (struct recipient){0};
	while (next_line(body, &line)) {
		struct berval text = trimmed(line);

		has_lines = true;
		if (!text.bv_len)
			break;
		if (!is_space(line.bv_val[0]))
			place = read_field(text, ret_recipient);
		else if (place)
			append(place, text);
	}
	return has_lines;
}

int lk_delivery_status_parse(const struct berval *body, struct lk_delivery_status *ret_status)
{
	struct berval rest = *body;
	struct recipient worst = {0}, recipient;

	while (read_recipient(&rest, &recipient)) {
		if (recipient.has_action && (!worst.has_action || recipient.status.action > worst.status.action))
			worst = recipient;
	}
	if (!worst.has_action)
		return LK_ERR_MALFORMED;
	*ret_status = worst.status;
	return LK_OK;
}
