/* Resetting several accounts: whose names a list has, what is done next, and whether a reset was done whose answer was
 * lost. */
#include "support.h"

#include <glib.h>
#include <string.h>

#include "bulk-names.h"
#include "bulk-queue.h"
#include "bulk-roll.h"
#include "bulk-trace.h"

/* -- Names -- */

static const struct {
	const char *text, *names; /* separated by | */
} lists[] = {
	{"", ""},
	{"\r\n \n;;\n", ""},
	{"kim\r\nlee\n\n  park  \nkim", "kim|lee|park"},
	{"kim, lee; park\tchoi", "kim|lee|park|choi"},
	{"kim,lee\npark", "kim|lee|park"},
	{"uid=kim,ou=a,dc=example\nlee", "uid=kim,ou=a,dc=example|lee"},
	{"김정현,kim\n이다나,lee", "김정현|이다나"},
	{"Name,User name\n\"Kim, J\",kim\n\"Say \"\"hi\"\"\nthere\",lee\n", "kim|lee"},
	{"이름;사번;메일\n김정현;20110042;kim@example.org\n이다나;;lee@example.org\n", "20110042"},
	{"\"UID\"\tx\nkim\ty", "kim"},
	{"Mail\nkim@example.org", "kim@example.org"},
	{"\"kim", "kim"},
	{"a,b\nc", "a|b|c"},
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		bool cut = true;
		char **names = lk_bulk_names_read(lists[i].text, &cut);
		char *joined = g_strjoinv("|", names);
		assert_string_equal(joined, lists[i].names);
		assert_false(cut);
		g_free(joined);
		g_strfreev(names);
	}
}

static void test_no_more_names_than_one_can_look_through(void **state)
{
	GString *text = g_string_new(NULL);
	bool cut = false;

	(void)state;
	for (int i = 0; i <= LK_BULK_NAMES_MOST; i++)
		g_string_append_printf(text, "user%d\n", i);
	char **names = lk_bulk_names_read(text->str, &cut);
	assert_true(cut);
	assert_int_equal(g_strv_length(names), LK_BULK_NAMES_MOST);
	g_strfreev(names);
	g_string_free(text, TRUE);
}

static const struct {
	const char *octets;
	size_t length;
	const char *text;
} files[] = {
	{"kim", 3, "kim"},
	{"\xef\xbb\xbfkim", 6, "kim"},
	{"\xff\xfek\0\xa8\xbc", 6, "k벨"},
	{"\xfe\xff\0k", 4, "k"},
	{"\xb1\xe8\xc1\xa4\xc7\xf6", 6, "김정현"}, /* CP949 */
	{"k\0m", 3, NULL},
	{"\xff\xff\xff", 3, NULL},
};

static void test_files_of_other_programs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *text = lk_bulk_names_decode(files[i].octets, files[i].length);
		if (files[i].text == NULL)
			assert_null(text);
		else
			assert_string_equal(text, files[i].text);
		g_free(text);
	}
}

/* -- Who is on it -- */

#define OWN "uid=ME, OU=a,dc=example"

static const struct {
	int rc;
	const char *dn, *verdict;
	const char *why; /* how the sentence begins; or NULL */
} founds[] = {
	{LDAP_SUCCESS, "uid=kim,ou=a,dc=example", "allowed", NULL},
	{LDAP_SUCCESS, "uid=lee,ou=a,dc=example", "allowed", NULL},
	{LDAP_SUCCESS, "UID=Kim, ou=A,dc=example", "allowed", "The list names this user more than once."},
	{LDAP_SUCCESS, "UID=Me,ou=a,dc=example", "allowed", "This is your own account."},
	{LDAP_SUCCESS, "uid=park,ou=a,dc=example", "a-rule", "You may not reset the password of this user."},
	{LDAP_SUCCESS, "uid=oh,ou=a,dc=example", NULL, "No policy governs this account"},
	{LDAP_NO_SUCH_OBJECT, NULL, NULL, "Nobody whom you may see"},
	{LDAP_MORE_RESULTS_TO_RETURN, NULL, NULL, "Several users"},
	{LDAP_BUSY, NULL, NULL, "The directory"},
	{LDAP_SUCCESS, "uid=choi,ou=a,dc=example", "allowed", NULL},
};

static void test_who_is_not_to_be_reset(void **state)
{
	const char *names[COUNT(founds) + 1] = {NULL};

	(void)state;
	for (size_t i = 0; i < COUNT(founds); i++)
		names[i] = "somebody";
	struct lk_bulk_roll *roll = lk_bulk_roll_new(names, OWN);
	for (size_t i = 0; i < COUNT(founds); i++) {
		struct lk_account account = {.dn = (char *)founds[i].dn, .verdict = (char *)founds[i].verdict};
		struct lk_person person = {.account = &account};
		char *why = lk_bulk_roll_take(roll, &(struct lk_found){.rc = founds[i].rc, .person = &person});

		if (founds[i].why == NULL ? why != NULL : why == NULL || !g_str_has_prefix(why, founds[i].why))
			fail_msg("%zu: %s", i, why == NULL ? "can be reset" : why);
		g_free(why);
	}
	assert_null(lk_bulk_roll_next(roll, 2));
	lk_bulk_roll_free(roll);
}

static void test_names_are_taken_in_turn(void **state)
{
	static const char *const names[] = {"kim", "lee", "park", NULL};
	struct lk_bulk_roll *roll = lk_bulk_roll_new(names, NULL);
	const struct lk_found nobody = {.rc = LDAP_NO_SUCH_OBJECT};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char **some = lk_bulk_roll_next(roll, 2);

		assert_string_equal(some[0], names[i]);
		assert_true(i == 2 ? some[1] == NULL : strcmp(some[1], names[i + 1]) == 0 && some[2] == NULL);
		g_free(some);
		g_free(lk_bulk_roll_take(roll, &nobody));
	}
	assert_null(lk_bulk_roll_next(roll, 2));
	lk_bulk_roll_free(roll);
}

/* -- The queue -- */

/* A script: what the queue is asked or told, a letter each, and what it answers.
 *
 *   L R C .   begin: look, reset, check, nothing     + - ? !   end: OK, NO, LOST, ALREADY
 *   g go      p pause      x cancel      t retry */
static const struct {
	const char *name, *script, *states; /* D done, F failed, W waiting, U unsure, O found, M missed, L left, B barred */
} scripts[] = {
	{"not before it is told to", ".", "WW"},
	{"one after the other", "gL+R+L+R+.", "DD"},
	{"a refusal is no reason to stop", "gL+R-L-.", "FF"},
	{"nothing while a step is under way", "gL.+R.+", "DW"},
	{"paused between look and reset, it is looked at anew", "gL+p.gL+R+", "DW"},
	{"what is under way is finished when paused", "gL+Rp+.", "DW"},
	{"lost before anything was sent", "gL?L+R+", "DW"},
	{"lost in the reset, and done", "gL+R?C+L+R+.", "OD"},
	{"lost in the reset, and not done: not again by itself", "gL+R?C-L+R+.", "MD"},
	{"the check has no answer either", "gL+R?C?C?C+L+R+.", "OD"},
	{"checked also while paused", "gL+Rp?C-.", "MW"},
	{"retried: it was done after all", "gL+R?C-L+R+tL!.", "OD"},
	{"retried: it was not", "gL+R?C-L+R+tL+R+.", "DD"},
	{"failed, and retried", "gL+R-L+R+tL+R+.", "DD"},
	{"cancelled: the rest is left", "gL+R+x.", "DL"},
	{"cancelled while one is under way", "gL+Rx+.", "DL"},
	{"cancelled while one is under way, and lost", "gL+Rx?C+.", "OL"},
	{"cancelled during a look", "gLx+.", "LL"},
	{"what was left is not retried", "gL+R+xt.", "DL"},
};

static char letter_of(enum lk_bulk_state state)
{
	return "BWDFUOML"[state];
}

static void play(struct lk_bulk_queue *queue, const char *name, char word)
{
	static const char steps[] = ".LRC", outcomes[] = "+-?!";
	const char *outcome = strchr(outcomes, word);
	size_t index;

	if (outcome != NULL) {
		lk_bulk_queue_end(queue, (enum lk_bulk_outcome)(outcome - outcomes));
		assert_int_equal(lk_bulk_queue_is_offline(queue), word == '?');
	} else if (word == 'g') {
		lk_bulk_queue_go(queue);
	} else if (word == 'p') {
		lk_bulk_queue_pause(queue);
	} else if (word == 'x') {
		lk_bulk_queue_cancel(queue);
	} else if (word == 't') {
		lk_bulk_queue_retry(queue);
	} else {
		enum lk_bulk_step step = lk_bulk_queue_begin(queue, &index);
		if (steps[step] != word)
			fail_msg("%s: %c where %c was expected", name, steps[step], word);
	}
}

static void test_the_queue(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		size_t count = strlen(scripts[i].states);
		struct lk_bulk_queue *queue = lk_bulk_queue_new(count);

		for (const char *word = scripts[i].script; *word != '\0'; word++)
			play(queue, scripts[i].name, *word);
		for (size_t j = 0; j < count; j++) {
			if (letter_of(lk_bulk_queue_state(queue, j)) != scripts[i].states[j])
				fail_msg("%s: %c where %c was expected", scripts[i].name, letter_of(lk_bulk_queue_state(queue, j)),
					scripts[i].states[j]);
		}
		assert_int_equal(lk_bulk_queue_is_over(queue), strchr(scripts[i].states, 'W') == NULL);
		lk_bulk_queue_free(queue);
	}
}

static void test_who_is_barred_is_never_begun(void **state)
{
	struct lk_bulk_queue *queue = lk_bulk_queue_new(3);
	size_t index = 7;

	(void)state;
	lk_bulk_queue_bar(queue, 0);
	lk_bulk_queue_bar(queue, 2);
	lk_bulk_queue_go(queue);
	assert_int_equal(lk_bulk_queue_begin(queue, &index), LK_BULK_LOOK);
	assert_int_equal(index, 1);
	lk_bulk_queue_end(queue, LK_BULK_NO);
	assert_true(lk_bulk_queue_is_over(queue));
	assert_int_equal(lk_bulk_queue_count(queue, LK_BULK_BARRED), 2);
	assert_int_equal(lk_bulk_queue_count(queue, LK_BULK_FAILED), 1);
	assert_int_equal(lk_bulk_queue_retry(queue), 1);
	assert_int_equal(lk_bulk_queue_state(queue, 0), LK_BULK_BARRED);
	lk_bulk_queue_free(queue);
}

/* -- What an account shows -- */

#define ME "uid=padmin,ou=managed,dc=example,dc=org"

struct shown {
	const char *message, *message_actor; /* id and kind, "1 temporaryPassword" */
	time_t event;
	const char *what, *event_actor;
};

static const struct {
	const char *name;
	struct shown before[2], after[2];
	bool done;
} traces[] = {
	{"nothing", {{0}}, {{0}}, false},
	{"a new mail", {{0}}, {{"1 temporaryPassword", ME}}, true},
	{"a new code", {{"1 temporaryPassword", ME}}, {{"1 temporaryPassword", ME}, {"2 resetCode", ME}}, true},
	{"the same mail", {{"1 temporaryPassword", ME}}, {{"1 temporaryPassword", ME}}, false},
	{"another kind of mail", {{0}}, {{"1 passwordChanged", ME}}, false},
	{"somebody else's", {{0}}, {{"1 temporaryPassword", "uid=gadmin,dc=example,dc=org", 100, "reset", "uid=gadmin"}},
		false},
	{"a new event", {{0}}, {{NULL, NULL, 100, "reset", "UID=padmin, ou=managed,dc=example,dc=org"}}, true},
	{"the same event", {{NULL, NULL, 100, "reset", ME}}, {{NULL, NULL, 100, "reset", ME}}, false},
	{"a second one in the same second", {{NULL, NULL, 100, "reset", ME}},
		{{NULL, NULL, 100, "reset", ME}, {NULL, NULL, 100, "reset", ME}}, true},
	{"a later one", {{NULL, NULL, 100, "reset", ME}}, {{NULL, NULL, 101, "reset", ME}}, true},
	{"another event", {{0}}, {{NULL, NULL, 100, "unlock", ME}}, false},
};

struct room {
	struct lk_account account;
	struct lk_account_message messages[2];
	struct lk_account_event events[2];
	char ids[2][4];
};

static void fill(struct room *room, const struct shown *shown)
{
	*room = (struct room){.account = {.messages = room->messages, .events = room->events}};
	for (int i = 0; i < 2; i++) {
		if (shown[i].message != NULL) {
			size_t at = room->account.messages_count++;
			memcpy(room->ids[at], shown[i].message, 1);
			room->messages[at] = (struct lk_account_message){
				.id = room->ids[at], .kind = (char *)shown[i].message + 2, .actor = (char *)shown[i].message_actor};
		}
		if (shown[i].what != NULL)
			room->events[room->account.events_count++] = (struct lk_account_event){
				.time = shown[i].event, .what = (char *)shown[i].what, .actor = (char *)shown[i].event_actor};
	}
}

static void test_what_an_error_leaves_open(void **state)
{
	static const int open[] = {LDAP_SERVER_DOWN, LDAP_TIMEOUT, LDAP_CONNECT_ERROR, LDAP_UNAVAILABLE};
	static const int said[] = {LDAP_INSUFFICIENT_ACCESS, LDAP_BUSY, LDAP_NO_SUCH_OBJECT, LDAP_UNWILLING_TO_PERFORM,
		LDAP_PARAM_ERROR, LDAP_ENCODING_ERROR, LDAP_NO_MEMORY};

	(void)state;
	for (size_t i = 0; i < COUNT(open); i++)
		assert_true(lk_bulk_may_be_done(open[i]));
	for (size_t i = 0; i < COUNT(said); i++)
		assert_false(lk_bulk_may_be_done(said[i]));
}

static void test_what_an_account_shows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		struct room before, after;

		fill(&before, traces[i].before);
		fill(&after, traces[i].after);
		if (lk_bulk_was_done(&before.account, &after.account, ME) != traces[i].done)
			fail_msg("%s", traces[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_more_names_than_one_can_look_through),
		cmocka_unit_test(test_files_of_other_programs),
		cmocka_unit_test(test_who_is_not_to_be_reset),
		cmocka_unit_test(test_names_are_taken_in_turn),
		cmocka_unit_test(test_the_queue),
		cmocka_unit_test(test_who_is_barred_is_never_begun),
		cmocka_unit_test(test_what_an_error_leaves_open),
		cmocka_unit_test(test_what_an_account_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
