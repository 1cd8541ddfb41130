/* Which events of the directory are shown, and the table that is made of them. */
#include "support.h"

#include <string.h>

#include "trail.h"

#define NOW ((time_t)1795237320) /* 2026-11-21 05:02:00 UTC */

static struct lk_account account = {.dn = "uid=kim,ou=people,dc=example,dc=org", .login = "kim", .name = "김정현"};
static const struct lk_person person = {.account = &account};

static const struct lk_account_event event = {.time = NOW,
	.what = "unlock",
	.rule = "password-administrator",
	.changed = "",
	.actor = "uid=Helper,dc=example,dc=org",
	.client = "IP=192.0.2.7",
	.reason = "=1+1",
	.ticket = ""};

static const struct {
	struct lk_trail_wish wish;
	bool fits;
} wishes[] = {
	{{.since = 0}, true},
	{{.since = NOW}, true},
	{{.since = NOW + 1}, false},
	{{.kind = "unlock"}, true},
	{{.kind = "block"}, false},
	{{.typed = ""}, true},
	{{.typed = "  "}, true},
	{{.typed = "정현"}, true},
	{{.typed = " KIM "}, true},
	{{.typed = "rlawjdgus"}, true}, /* 김정현 in the wrong mode */
	{{.typed = "\xe1\x84\x80\xe1\x85\xb5\xe1\x86\xb7"}, true}, /* 김, decomposed */
	{{.typed = "helper,dc"}, true},
	{{.typed = "unlock"}, false},
	{{.typed = "lee"}, false},
	{{.typed = "\xff"}, false},
};

static void test_what_is_wished_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		if (lk_trail_fits(&wishes[i].wish, &person, &event) != wishes[i].fits)
			fail_msg("%zu: %s", i, wishes[i].wish.typed);
	}
}

static void test_days(void **state)
{
	char day[LK_TRAIL_DAY_TEXT];

	(void)state;
	assert_int_equal(lk_trail_day_begin(NOW), 1795219200);
	lk_trail_day(NOW, day);
	assert_string_equal(day, "20261121");
	lk_trail_day(lk_trail_day_begin(NOW) - 1, day);
	assert_string_equal(day, "20261120");
	g_autofree char *filter = lk_trail_filter(NOW);
	assert_string_equal(filter, "(latchkeyEventDay=20261121)");
}

static void test_a_row(void **state)
{
	GString *table = g_string_new(NULL);

	(void)state;
	lk_trail_append(table, &person, &event);
	assert_string_equal(table->str + strlen("\"2026-11-21 05:02:00 +0000\""),
		",\"unlocked\",\"김정현\",\"kim\",\"uid=kim,ou=people,dc=example,dc=org\",\"uid=Helper,dc=example,dc=org\","
		"\"password-administrator\",\"'=1+1\",\"\",\"\",\"IP=192.0.2.7\"\r\n");
	g_string_free(table, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_wished_for),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
