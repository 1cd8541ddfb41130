#include "compose.h"

#include <gmime/gmime.h>
#include <sodium.h>
#include <string.h>

#define CHARSET "utf-8"

void lk_compose_init(void)
{
	g_mime_init();
}

void lk_compose_end(void)
{
	g_mime_shutdown();
}

/* GMime's streams keep their octets in an array of ours, so that we can erase it: as large as it will ever get, for
 * what GLib leaves behind when an array grows cannot be erased any more. */
static GMimeStream *open_stream(guint room, GByteArray **ret_bytes)
{
	*ret_bytes = g_byte_array_sized_new(room);
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(*ret_bytes);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	return stream;
}

static void erase(GByteArray *bytes)
{
	sodium_memzero(bytes->data, bytes->len);
	g_byte_array_unref(bytes);
}

/* A text part and the array that holds its text. */
struct part {
	GMimeObject *object;
	GByteArray *bytes;
};

/* Base64 keeps line ends as they are, and text in a mail ends its lines with CRLF (RFC 2045 section 6.8). */
static void write_crlf(GMimeStream *stream, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		g_mime_stream_write(stream, text, length);
		g_mime_stream_write_string(stream, "\r\n");
		text += length + (text[length] == '\n');
	}
}

static struct part new_part(const char *subtype, const struct lk_secret *text)
{
	struct part part;
	GMimeStream *stream = open_stream(2 * (guint)text->length + 2, &part.bytes);
	GMimeTextPart *object = g_mime_text_part_new_with_subtype(subtype);

	write_crlf(stream, lk_secret_text(text));
	g_mime_stream_reset(stream);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
	g_object_unref(stream);
	g_mime_part_set_content(GMIME_PART(object), content);
	g_object_unref(content);
	g_mime_text_part_set_charset(object, CHARSET);
	part.object = GMIME_OBJECT(object);
	g_mime_object_encode(part.object, GMIME_ENCODING_CONSTRAINT_7BIT);
	return part;
}

static void end_part(struct part *part)
{
	g_object_unref(part->object);
	erase(part->bytes);
}

static GMimeObject *new_alternatives(const struct part *parts, size_t count, const char *id)
{
	GMimeMultipart *alternatives = g_mime_multipart_new_with_subtype("alternative");
	char *boundary = g_strconcat("=_", id, NULL);

	g_mime_multipart_set_boundary(alternatives, boundary);
	g_free(boundary);
	for (size_t i = 0; i < count; i++)
		g_mime_multipart_add(alternatives, parts[i].object);
	return GMIME_OBJECT(alternatives);
}

/* GMime sends what looks like an encoded word of RFC 2047 as it is, and readers would decode it: to anything at all. */
static char *without_encoded_words(const char *name)
{
	char **parts = g_strsplit(name, "=?", -1);
	char *plain = g_strjoinv("= ?", parts);

	g_strfreev(parts);
	return plain;
}

static void add_mailbox(GMimeMessage *message, GMimeAddressType type, const char *name, const char *address)
{
	InternetAddressList *list = g_mime_message_get_addresses(message, type);
	char *plain = without_encoded_words(name);
	InternetAddress *mailbox = internet_address_mailbox_new(*plain ? plain : NULL, address);

	g_free(plain);
	internet_address_set_charset(mailbox, CHARSET);
	internet_address_list_add(list, mailbox);
	g_object_unref(mailbox);
}

static void set_headers(
	GMimeMessage *message, const struct lk_letter *letter, const char *id, const char *from, time_t now)
{
	GDateTime *date = g_date_time_new_from_unix_utc(now);
	char *message_id = g_strconcat(id, strchr(from, '@'), NULL);

	add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, letter->from_name, from);
	add_mailbox(message, GMIME_ADDRESS_TYPE_TO, letter->to_name, letter->to);
	g_mime_message_set_subject(message, letter->subject, CHARSET);
	g_mime_message_set_date(message, date);
	g_mime_message_set_message_id(message, message_id);
	g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-generated", CHARSET);
	g_free(message_id);
	g_date_time_unref(date);
}

static guint length_of(GMimeMessage *message, GMimeFormatOptions *options)
{
	GMimeStream *counter = g_mime_stream_null_new();
	ssize_t length = g_mime_object_write_to_stream(GMIME_OBJECT(message), options, counter);

	g_object_unref(counter);
	return (guint)MAX(length, 0);
}

static void write_message(GMimeMessage *message, struct lk_secret *ret_mail)
{
	GMimeFormatOptions *options = g_mime_format_options_new();
	GByteArray *bytes;

	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	GMimeStream *stream = open_stream(length_of(message, options) + 1, &bytes);
	g_mime_object_write_to_stream(GMIME_OBJECT(message), options, stream);
	lk_secret_append(ret_mail, (const char *)bytes->data, bytes->len);
	lk_secret_append_text(ret_mail, "\r\n"); /* which GMime leaves out after the last boundary */
	g_object_unref(stream);
	erase(bytes);
	g_mime_format_options_free(options);
}

void lk_compose(
	const struct lk_letter *letter, const char *id, const char *from, time_t now, struct lk_secret *ret_mail)
{
	GMimeMessage *message = g_mime_message_new(TRUE);
	struct part parts[] = {new_part("plain", &letter->text), new_part("html", &letter->html)};
	GMimeObject *body = new_alternatives(parts, G_N_ELEMENTS(parts), id);

	g_mime_object_set_header(body, "Content-Language", letter->language, CHARSET);
	set_headers(message, letter, id, from, now);
	g_mime_message_set_mime_part(message, body);
	g_object_unref(body);
	write_message(message, ret_mail);
	g_object_unref(message);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		end_part(&parts[i]);
}
