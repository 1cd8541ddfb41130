#include "returned.h"

#include <glib.h>
#include <gmime/gmime.h>
#include <string.h>

#include "answer.h"
#include "error.h"

static gboolean has_type(GMimeObject *part, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

/* Those of RFC 6533 differ in addresses alone. */
static gboolean is_status(GMimeObject *part)
{
	return has_type(part, "message", "delivery-status") || has_type(part, "message", "global-delivery-status");
}

static gboolean is_text(GMimeObject *part)
{
	return has_type(part, "text", "plain");
}

/* The first part of its kind. Not every host calls all of it a multipart/report: OpenSMTPD says multipart/mixed. */
static GMimePart *find_part(GMimeMessage *message, gboolean (*is_wanted)(GMimeObject *part))
{
	GMimeObject *body = message ? g_mime_message_get_mime_part(message) : NULL;

	if (!GMIME_IS_MULTIPART(body))
		return NULL;
	for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(body)); i++) {
		GMimeObject *part = g_mime_multipart_get_part(GMIME_MULTIPART(body), i);
		if (GMIME_IS_PART(part) && is_wanted(part))
			return GMIME_PART(part);
	}
	return NULL;
}

/* Free it with g_byte_array_unref(). */
static GByteArray *content_of(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = g_mime_stream_mem_new();

	if (content)
		g_mime_data_wrapper_write_to_stream(content, stream);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_object_unref(stream);
	return bytes;
}

/* Where the status has no words, people are told them: a line begins with the recipient and a colon (OpenSMTPD). */
static void find_words(GMimePart *part, struct lk_delivery_status *status)
{
	GByteArray *bytes = content_of(part);
	char *text = g_strndup((const char *)bytes->data, bytes->len);
	char *head = g_strconcat(status->recipient, ": ", NULL);
	char **lines = g_strsplit_set(text, "\r\n", -1);

	for (size_t i = 0; lines[i]; i++) {
		const char *line = g_strchug(lines[i]);
		if (!g_str_has_prefix(line, head))
			continue;
		g_strlcpy(status->words, line + strlen(head), sizeof status->words);
		break;
	}
	g_strfreev(lines);
	g_free(head);
	g_free(text);
	g_byte_array_unref(bytes);
}

static bool read_message(GMimeMessage *message, struct lk_delivery_status *ret_status)
{
	GMimePart *part = find_part(message, is_status), *text = find_part(message, is_text);

	if (!part)
		return false;
	GByteArray *bytes = content_of(part);
	const struct berval body = {.bv_val = (char *)bytes->data, .bv_len = bytes->len};
	bool is_read = lk_delivery_status_parse(&body, ret_status) == LK_OK;
	g_byte_array_unref(bytes);
	if (is_read && text && !*ret_status->words && *ret_status->recipient)
		find_words(text, ret_status);
	return is_read;
}

bool lk_returned_read(const char *mail, size_t length, struct lk_delivery_status *ret_status)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail, length);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	bool is_read = read_message(message, ret_status);

	if (message)
		g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
	return is_read;
}

/* Codes and generated passwords are groups of four with hyphens between them, three or more; a bounce address is one
 * long word. */
#define SECRETS "\\b[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){2,}\\b|[0-9A-Za-z]{40,}"

static char *without_secrets(const char *text)
{
	GRegex *pattern = g_regex_new(SECRETS, G_REGEX_RAW, 0, NULL);
	char *clean = g_regex_replace_literal(pattern, text, -1, 0, "...", 0, NULL);

	g_regex_unref(pattern);
	return clean;
}

void lk_returned_words(const struct lk_delivery_status *status, char ret_words[LK_ANSWER_MAX + 1])
{
	static const struct berval no_secret = {0};
	bool has_failed = status->action == LK_DELIVERY_FAILED;
	const char *said = *status->words ? status->words : *status->code ? status->code : "no reason was given";
	char *line = g_strconcat(has_failed ? "returned" : "delayed", *status->host ? has_failed ? " by " : " at " : "",
		status->host, ": ", said, NULL);
	char *clean = without_secrets(line);

	lk_answer_clean(clean, &no_secret, ret_words);
	g_free(clean);
	g_free(line);
}
