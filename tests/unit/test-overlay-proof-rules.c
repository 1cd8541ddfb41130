/* Which proofs suffice: the whole table. */
#include "support.h"

#include "policy.h"
#include "proof-rules.h"

#define M LK_POLICY_MAIL
#define T LK_POLICY_TOTP
#define C LK_POLICY_RECOVERY_CODE
#define ALL (M | T | C)

static const struct {
	const char *what;
	struct lk_proof_rules rules;
	unsigned offered, right;
	bool suffice;
} rows[] = {
	{"one mailed code where one is required", {ALL, ALL, 1, false}, M, M, true},
	{"one printed code", {ALL, ALL, 1, false}, C, C, true},
	{"six digits alone", {ALL, ALL, 1, false}, T, T, false},
	{"six digits alone, of the only method", {T, T, 1, false}, T, T, false},
	{"nothing", {ALL, ALL, 1, false}, 0, 0, false},
	{"nothing right", {ALL, ALL, 1, false}, M, 0, false},
	{"more than is required", {ALL, ALL, 1, false}, M | T, M | T, true},
	{"one right and one wrong", {ALL, ALL, 1, false}, M | C, M, false},
	{"a right code with wrong digits", {ALL, ALL, 1, false}, M | T, M, false},
	{"right digits with a wrong code", {ALL, ALL, 1, false}, M | T, T, false},
	{"one where two are required", {ALL, ALL, 2, false}, M, M, false},
	{"one of somebody who has no other", {ALL, M, 2, false}, M, M, false},
	{"mail and digits", {ALL, ALL, 2, false}, M | T, M | T, true},
	{"print and digits", {ALL, ALL, 2, false}, C | T, C | T, true},
	{"mail and print", {ALL, ALL, 2, false}, M | C, M | C, true},
	{"all three", {ALL, ALL, 2, false}, ALL, ALL, true},
	{"a method that the policy does not name", {M | T, ALL, 1, false}, C, C, false},
	{"the same beside one that it does", {M | T, ALL, 1, false}, M | C, M | C, false},
	{"a policy without any method", {0, ALL, 1, false}, M, M, false},
	{"an administrator who has two, with one", {ALL, M | C, 1, true}, M, M, false},
	{"an administrator who has two, with two", {ALL, M | C, 1, true}, M | C, M | C, true},
	{"an administrator who has one", {ALL, M, 1, true}, M, M, true},
	{"an administrator whose second one the policy does not name", {M | T, M | C, 1, true}, M, M, true},
	{"an administrator who has one where two are required", {ALL, M, 2, true}, M, M, false},
	{"an administrator who has three, with two", {ALL, ALL, 1, true}, C | T, C | T, true},
	{"somebody new where two are required", {ALL, M, 2, false, true}, M, M, true},
	{"a new administrator", {ALL, M, 2, true, true}, M, M, true},
	{"somebody new without an address of their own", {ALL, 0, 2, false, true}, M, M, true},
	{"somebody new with a wrong code", {ALL, M, 2, false, true}, M, 0, false},
	{"somebody new with another wrong proof", {ALL, M, 2, false, true}, M | C, M, false},
	{"somebody new who has enrolled something, with one", {ALL, M | T, 2, false, true}, M, M, false},
	{"somebody new who has enrolled what the policy does not name", {M | C, M | T, 2, false, true}, M, M, true},
	{"somebody new where no mailed code counts", {C | T, M, 1, false, true}, M, M, false},
};

static void test_each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (lk_proof_rules_suffice(&rows[i].rules, rows[i].offered, rows[i].right) != rows[i].suffice)
			fail_msg("%s: not %d", rows[i].what, rows[i].suffice);
	}
}

/* Whatever the rest: what is opened was opened by all that was offered, and by a code. */
static void test_no_combination_opens_without_a_code(void **state)
{
	(void)state;
	for (unsigned all = 0; all < 1u << 14; all++) {
		struct lk_proof_rules rules = {all & 7, all >> 3 & 7, 1 + (int)(all >> 6 & 1), all >> 7 & 1};
		unsigned offered = all >> 8 & 7, right = all >> 11 & 7;

		if (!lk_proof_rules_suffice(&rules, offered, right))
			continue;
		assert_int_equal(offered, right);
		assert_true(right & (M | C));
		assert_false(right & ~rules.allowed);
	}
}

static void test_digits_are_looked_at_only_beside_right_codes(void **state)
{
	(void)state;
	assert_true(lk_proof_rules_may_try_totp(M | T, M));
	assert_true(lk_proof_rules_may_try_totp(C | T, C));
	assert_true(lk_proof_rules_may_try_totp(ALL, M | C));
	assert_false(lk_proof_rules_may_try_totp(ALL, M));
	assert_false(lk_proof_rules_may_try_totp(M | T, 0));
	assert_false(lk_proof_rules_may_try_totp(M | T, C));
	assert_false(lk_proof_rules_may_try_totp(T, 0));
	assert_false(lk_proof_rules_may_try_totp(M, M));
}

static void test_a_method_is_offered_once(void **state)
{
	const struct lk_proof proofs[] = {{LK_METHOD_MAIL}, {LK_METHOD_TOTP}, {LK_METHOD_RECOVERY_CODE}, {LK_METHOD_MAIL}};

	(void)state;
	assert_int_equal(lk_proof_rules_offered(proofs, 1), M);
	assert_int_equal(lk_proof_rules_offered(proofs, 3), ALL);
	assert_int_equal(lk_proof_rules_offered(proofs, 4), 0);
	assert_int_equal(lk_proof_rules_offered(proofs, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_row),
		cmocka_unit_test(test_no_combination_opens_without_a_code),
		cmocka_unit_test(test_digits_are_looked_at_only_beside_right_codes),
		cmocka_unit_test(test_a_method_is_offered_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
