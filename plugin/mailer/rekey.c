#include "rekey.h"

#include <glib.h>
#include <ldap.h>
#include <stdbool.h>
#include <stdio.h>
#include <ldif.h> /* needs FILE, and does not say so */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "envelope.h"
#include "error.h"
#include "message.h"

struct rekey {
	const struct lk_keys *keys;
	const char *const *files;
	time_t now;
	size_t sealed; /* all sealed texts */
	size_t found; /* of them, those that need another key than the first */
};

/* One entry of the LDIF, as far as it matters here. */
struct record {
	char *dn;
	GArray *states; /* struct lk_message */
	GPtrArray *sealed; /* struct berval */
};

static void free_octets(void *data)
{
	ber_bvfree(data);
}

static struct record new_record(void)
{
	return (struct record){.states = g_array_new(FALSE, FALSE, sizeof(struct lk_message)),
		.sealed = g_ptr_array_new_with_free_func(free_octets)};
}

static void end_record(struct record *record)
{
	g_free(record->dn);
	g_array_unref(record->states);
	g_ptr_array_unref(record->sealed);
}

static void add_value(struct record *record, const char *type, const struct berval *value)
{
	struct lk_message state;

	if (strcasecmp(type, "dn") == 0 && !record->dn)
		record->dn = g_strndup(value->bv_val, value->bv_len);
	else if (strcasecmp(type, "latchkeySealed") == 0)
		g_ptr_array_add(record->sealed, ber_bvdup((struct berval *)value));
	else if (strcasecmp(type, "latchkeyMessage") == 0 && lk_message_parse(value, &state) == LK_OK)
		g_array_append_val(record->states, state);
}

/* False where a line is no LDIF. TEXT is changed. */
static bool read_record(char *text, struct record *record)
{
	char *line;

	while ((line = ldif_getline(&text))) {
		char *type;
		struct berval value;

		if (*line == '\n' || *line == '\0')
			break;
		if (ldif_parse_line(line, &type, &value.bv_val, &value.bv_len) != 0)
			return false;
		add_value(record, type, &value);
		ber_memfree(type);
		ber_memfree(value.bv_val);
	}
	return true;
}

static const struct lk_message *find_state(const struct record *record, const char *id)
{
	for (guint i = 0; i < record->states->len; i++) {
		const struct lk_message *state = &g_array_index(record->states, struct lk_message, i);
		if (strcmp(state->id, id) == 0)
			return state;
	}
	return NULL;
}

/* The index of the key, or their number where we do not have it. */
static size_t find_key(const struct rekey *rekey, const unsigned char wanted[LK_KEY_ID_BYTES])
{
	unsigned char id[LK_KEY_ID_BYTES];
	size_t i;

	for (i = 0; i < rekey->keys->count; i++) {
		lk_key_id(rekey->keys->pairs[i].public_key, id);
		if (memcmp(id, wanted, sizeof id) == 0)
			break;
	}
	return i;
}

/* What is dead or settled for good is never opened again. A temporary password or a welcome may be sent again. */
static bool may_be_opened(const struct lk_message *state, time_t now)
{
	if (!state || (state->expires && state->expires <= now))
		return false;
	return lk_message_is_open(state) || lk_message_may_be_resent(state);
}

static void look_at(struct rekey *rekey, const struct record *record, const struct berval *sealed)
{
	char id[LK_ID_TEXT + 1];
	unsigned char key_id[LK_KEY_ID_BYTES];

	rekey->sealed++;
	if (lk_sealed_header(sealed, id, key_id) != LK_OK)
		return;
	const struct lk_message *state = find_state(record, id);
	size_t key = find_key(rekey, key_id);
	if (key == 0 || !may_be_opened(state, rekey->now))
		return;
	rekey->found++;
	printf("%s\t%s\t%s\t%s\t%s\n", key < rekey->keys->count ? rekey->files[key] : "(unknown key)", state->id,
		lk_kind_name(state->kind), lk_state_name(state->state), record->dn ? record->dn : "");
}

static bool read_all(struct rekey *rekey, LDIFFP *input)
{
	unsigned long line = 0;
	char *text = NULL;
	int room = 0, more;
	bool is_good = true;

	while (is_good && (more = ldif_read_record(input, &line, &text, &room)) != 0) {
		struct record record = new_record();
		is_good = more > 0 && read_record(text, &record);
		for (guint i = 0; is_good && i < record.sealed->len; i++)
			look_at(rekey, &record, g_ptr_array_index(record.sealed, i));
		end_record(&record);
	}
	ber_memfree(text);
	return is_good;
}

int lk_rekey(const struct lk_keys *keys, const char *const *files)
{
	struct rekey rekey = {.keys = keys, .files = files, .now = time(NULL)};
	LDIFFP *input = ldif_open("/dev/stdin", "r");

	if (!input)
		return 2;
	bool is_good = read_all(&rekey, input);
	ldif_close(input);
	if (!is_good) {
		fputs("latchkey-mailer: standard input is no LDIF as slapcat(8) writes it\n", stderr);
		return 2;
	}
	fprintf(stderr, "latchkey-mailer: of %zu sealed messages, %zu still need another key than %s\n", rekey.sealed,
		rekey.found, files[0]);
	return rekey.found ? 1 : 0;
}
