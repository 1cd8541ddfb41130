/* Keys on disk, and sealed messages that can or cannot be sent. */
#include "support.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "keys.h"
#include "opening.h"
#include "private-file.h"

#define ID "00112233445566778899aabbccddeeff"
#define NOW 1795237320

static char *folder;
static char *path;

static struct lk_key_pair pair, other;

static int set_up(void **state)
{
	(void)state;
	crypto_box_keypair(pair.public_key, pair.secret_key);
	crypto_box_keypair(other.public_key, other.secret_key);
	folder = g_dir_make_tmp("latchkey-XXXXXX", NULL);
	path = g_build_filename(folder, "mailer.key", NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	g_unlink(path);
	assert_int_equal(g_rmdir(folder), 0);
	g_free(path);
	g_free(folder);
	return 0;
}

static int load(struct lk_keys *ret_keys, struct lk_complaint *ret_complaint)
{
	const char *const files[] = {path, NULL};

	return lk_keys_load(files, ret_keys, ret_complaint);
}

static void a_generated_key_is_private_and_can_be_read_back(void **state)
{
	struct lk_complaint complaint;
	struct lk_keys keys;
	struct stat status;
	char public_key[LK_KEY_TEXT + 1], text[LK_KEY_TEXT + 1];

	(void)state;
	assert_int_equal(lk_keys_generate(path, public_key, &complaint), 0);
	assert_int_equal(g_stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(load(&keys, &complaint), 0);
	assert_int_equal(keys.count, 1);
	lk_key_format(keys.pairs[0].public_key, text);
	assert_string_equal(text, public_key);
	lk_keys_free(&keys);

	assert_int_equal(lk_keys_generate(path, public_key, &complaint), -1);
	assert_non_null(strstr(complaint.text, "it exists already, and a key is never written over"));
}

static void keys_that_others_can_read_are_refused(void **state)
{
	static const mode_t modes[] = {0601, 0604, 0610, 0620, 0640, 0644, 0660, 0666, 0777};
	struct lk_complaint complaint;
	struct lk_keys keys;

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		assert_int_equal(g_chmod(path, modes[i]), 0);
		assert_int_equal(load(&keys, &complaint), -1);
		assert_non_null(strstr(complaint.text, "can be used by others (mode 0"));
	}
	assert_int_equal(g_chmod(path, 0400), 0);
	assert_int_equal(load(&keys, &complaint), 0);
	lk_keys_free(&keys);
}

static void keys_of_somebody_else_are_refused(void **state)
{
	struct lk_complaint complaint;
	struct lk_keys keys;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_int_equal(load(&keys, &complaint), -1);
	assert_non_null(strstr(complaint.text, "belongs to user 65534; it must belong to the user who runs this (0)"));
}

static void files_that_hold_no_key_are_refused(void **state)
{
	static const char key[] = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
	const char *const texts[] = {"", "# nothing\n", "AAAA\n", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\nmore\n"};
	struct lk_complaint complaint;
	struct lk_keys keys;

	(void)state;
	g_unlink(path);
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_true(g_file_set_contents_full(path, texts[i], -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
		assert_int_equal(load(&keys, &complaint), -1);
		assert_non_null(strstr(complaint.text, "holds no key as `latchkey-mailer keygen` writes it"));
	}
	assert_true(g_file_set_contents_full(path, key, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
	assert_int_equal(load(&keys, &complaint), 0);
	lk_keys_free(&keys);
	g_unlink(path);
	assert_int_equal(load(&keys, &complaint), -1);
	assert_non_null(strstr(complaint.text, "No such file or directory"));
}

static void passwords_lose_the_line_end_alone(void **state)
{
	struct lk_complaint complaint;
	struct lk_secret text;

	(void)state;
	assert_true(g_file_set_contents_full(path, " pass word \r\n", -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
	assert_int_equal(lk_private_file_read(path, &text, &complaint), 0);
	assert_string_equal(lk_secret_text(&text), " pass word ");
	lk_secret_wipe(&text);
	assert_int_equal(lk_private_file_read(folder, &text, &complaint), -1);
	assert_non_null(strstr(complaint.text, "is not a regular file"));
}

static struct lk_envelope an_envelope(void)
{
	return (struct lk_envelope){
		.id = ID,
		.kind = LK_KIND_RECOVERY_CODE,
		.expires = NOW + 900,
		.to = BV("kim@example.net"),
		.language = BV("ko"),
		.name = BV(KIM_NFC),
		.login = BV("kim"),
		.secret = BV("K7QF-2M9X-4TRB"),
	};
}

static const char good_state[] = "1 id=" ID " kind=recoveryCode state=queued tries=3 created=20261121050200Z "
								 "due=20261121050200Z expires=20261121051700Z lang=ko to=kim@example.net";

static enum lk_state open_sealed(const struct lk_envelope *envelope, const char *message, const struct lk_key_pair *key,
	struct lk_opened *ret_opened, const char **ret_reason)
{
	struct lk_notification item = {.holder = "uid=kim", .message = (char *)message};
	struct lk_keys keys = {.pairs = (struct lk_key_pair *)key, .count = 1};

	assert_int_equal(lk_envelope_seal(envelope, pair.public_key, &item.sealed), LK_OK);
	enum lk_state state = lk_opening_open(&item, &keys, NOW, ret_opened, ret_reason);
	ber_memfree(item.sealed.bv_val);
	return state;
}

static void what_was_sealed_to_us_opens(void **state)
{
	struct lk_envelope envelope = an_envelope();
	struct lk_opened opened;
	const char *reason;

	(void)state;
	assert_int_equal(open_sealed(&envelope, good_state, &pair, &opened, &reason), LK_STATE_QUEUED);
	assert_bv_equal(&opened.envelope.secret, &envelope.secret);
	assert_int_equal(opened.state.tries, 3);
	assert_int_equal(opened.expires, NOW + 900);
	lk_opening_wipe(&opened);
}

static void what_cannot_be_sent_fails_with_a_reason(void **state)
{
	struct lk_envelope good = an_envelope(), dead = good, late = good, misaddressed = good;
	dead.expires = NOW;
	late.expires = NOW;
	late.secret = NONE;
	misaddressed.to = BV("kim@example.net, eve@example.net");
	const struct {
		const struct lk_envelope *envelope;
		const char *message;
		const char *reason;
	} cases[] = {
		{&dead, good_state, "the secret inside has expired"},
		{&late, good_state, "it would come too late"},
		{&misaddressed, good_state, "the address is not one plain mail address"},
		{&good, "1 nonsense", "its state cannot be read"},
		{&good,
			"1 id=ffffffffffffffffffffffffffffffff kind=recoveryCode state=queued created=20261121050200Z "
			"due=20261121050200Z lang=ko to=kim@example.net",
			"the sealed message is not the one that it was stored as"},
		{&good,
			"1 id=" ID " kind=welcome state=queued created=20261121050200Z due=20261121050200Z lang=ko "
			"to=kim@example.net",
			"the sealed message is not the one that it was stored as"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_opened opened;
		const char *reason = NULL;
		assert_int_equal(open_sealed(cases[i].envelope, cases[i].message, &pair, &opened, &reason), LK_STATE_FAILED);
		assert_string_equal(reason, cases[i].reason);
		lk_opening_wipe(&opened);
	}
}

static void only_passwords_follow_a_new_address(void **state)
{
	static const struct {
		enum lk_kind kind;
		const char *to;
	} cases[] = {
		{LK_KIND_RECOVERY_CODE, "kim@example.net"},
		{LK_KIND_TEMPORARY_PASSWORD, "new@example.net"},
		{LK_KIND_WELCOME, "new@example.net"},
		{LK_KIND_PASSWORD_CHANGED, "kim@example.net"},
		{LK_KIND_WELCOME_CODE, "kim@example.net"},
		{LK_KIND_RESET_CODE, "kim@example.net"},
		{LK_KIND_RESENT_ELSEWHERE, "kim@example.net"},
		{LK_KIND_ADMINISTRATOR_RESET, "kim@example.net"},
		{LK_KIND_MISUSE_REPORTED, "kim@example.net"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_envelope envelope = an_envelope();
		struct berval to = text_bv(cases[i].to);
		struct lk_opened opened;
		const char *reason;
		envelope.kind = cases[i].kind;
		char *message = g_strdup_printf("1 id=" ID " kind=%s state=queued created=20261121050200Z due=20261121050200Z "
										"lang=ko to=new@example.net",
			lk_kind_name(cases[i].kind));
		assert_int_equal(open_sealed(&envelope, message, &pair, &opened, &reason), LK_STATE_QUEUED);
		assert_bv_equal(&opened.envelope.to, &to);
		lk_opening_wipe(&opened);
		g_free(message);
	}
}

static void what_was_sealed_to_another_key_waits(void **state)
{
	struct lk_envelope envelope = an_envelope();
	struct lk_opened opened;
	const char *reason;

	(void)state;
	assert_int_equal(open_sealed(&envelope, good_state, &other, &opened, &reason), LK_STATE_DEFERRED);
	assert_string_equal(reason, "it is sealed to a key that this mailer does not have");
	assert_int_equal(opened.expires, NOW + 900); /* what stands outside */
	lk_opening_wipe(&opened);
}

static void try_damaged(const struct berval *damaged, void *data)
{
	struct lk_notification item = {.holder = "uid=kim", .message = (char *)good_state, .sealed = *damaged};
	const struct lk_keys *keys = data;
	struct lk_opened opened;
	const char *reason;

	enum lk_state state = lk_opening_open(&item, keys, NOW, &opened, &reason);
	assert_int_not_equal(state, LK_STATE_QUEUED);
	assert_non_null(reason);
	lk_opening_wipe(&opened);
}

static void damaged_messages_are_never_sent(void **state)
{
	struct lk_envelope envelope = an_envelope();
	struct lk_keys keys = {.pairs = &pair, .count = 1};
	struct berval sealed;

	(void)state;
	assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &sealed), LK_OK);
	for_each_damage(&sealed, try_damaged, &keys);
	ber_memfree(sealed.bv_val);
}

static void a_message_is_named_by_its_state_or_its_outside(void **state)
{
	struct lk_envelope envelope = an_envelope();
	struct lk_notification item = {.holder = "uid=kim", .message = (char *)good_state};
	char id[LK_ID_TEXT + 1] = "";

	(void)state;
	assert_true(lk_opening_id(&item, id));
	assert_string_equal(id, ID);
	item.message = "1 nonsense";
	assert_false(lk_opening_id(&item, id));
	assert_int_equal(lk_envelope_seal(&envelope, pair.public_key, &item.sealed), LK_OK);
	id[0] = '\0';
	assert_true(lk_opening_id(&item, id));
	assert_string_equal(id, ID);
	ber_memfree(item.sealed.bv_val);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_generated_key_is_private_and_can_be_read_back),
		cmocka_unit_test(keys_that_others_can_read_are_refused),
		cmocka_unit_test(keys_of_somebody_else_are_refused),
		cmocka_unit_test(files_that_hold_no_key_are_refused),
		cmocka_unit_test(passwords_lose_the_line_end_alone),
		cmocka_unit_test(what_was_sealed_to_us_opens),
		cmocka_unit_test(what_cannot_be_sent_fails_with_a_reason),
		cmocka_unit_test(only_passwords_follow_a_new_address),
		cmocka_unit_test(what_was_sealed_to_another_key_waits),
		cmocka_unit_test(damaged_messages_are_never_sent),
		cmocka_unit_test(a_message_is_named_by_its_state_or_its_outside),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, set_up, tear_down);
}
