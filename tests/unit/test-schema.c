/* The schema as slapd will register it. */
#include "support.h"

#include <ldap.h>
#include <ldap_schema.h>
#include <string.h>

#include "oid.h"
#include "schema-generated.h"

static bool is_own_name(const char *name)
{
	for (size_t i = 0; lk_attribute_names[i] != NULL; i++) {
		if (strcmp(lk_attribute_names[i], name) == 0)
			return true;
	}
	return false;
}

static LDAPAttributeType *parse_attribute(const char *definition)
{
	const char *at = "";
	int error = 0;
	LDAPAttributeType *type = ldap_str2attributetype(definition, &error, &at, LDAP_SCHEMA_ALLOW_NONE);

	if (type == NULL)
		print_message("# %s at %s\n", ldap_scherr2str(error), at);
	assert_non_null(type);
	return type;
}

static LDAPObjectClass *parse_class(const char *definition)
{
	const char *at = "";
	int error = 0;
	LDAPObjectClass *class = ldap_str2objectclass(definition, &error, &at, LDAP_SCHEMA_ALLOW_NONE);

	if (class == NULL)
		print_message("# %s at %s\n", ldap_scherr2str(error), at);
	assert_non_null(class);
	return class;
}

static void check_attribute(const LDAPAttributeType *type, const char *name)
{
	assert_string_equal(type->at_names[0], name);
	assert_null(type->at_names[1]);
	assert_memory_equal(type->at_oid, LK_OID_BASE ".1.", sizeof(LK_OID_BASE ".1.") - 1);
	assert_non_null(type->at_desc);
	assert_non_null(type->at_equality_oid);
	assert_non_null(type->at_syntax_oid);
}

static void test_each_attribute_is_defined_and_named(void **state)
{
	size_t count = 0;

	(void)state;
	for (; lk_attribute_definitions[count] != NULL; count++) {
		LDAPAttributeType *type = parse_attribute(lk_attribute_definitions[count]);

		check_attribute(type, lk_attribute_names[count]);
		ldap_attributetype_free(type);
	}
	assert_null(lk_attribute_names[count]);
	assert_int_equal(COUNT(lk_attribute_names), COUNT(lk_attribute_definitions));
}

/* sssvlv orders, and substring filters match, without asking whether the reader may see what they tell about. */
static void test_what_latchkey_alone_writes_is_closed_to_users(void **state)
{
	static const char *const own[] = {"latchkeyMessage", "latchkeySealed", "latchkeyDue", "latchkeySerial",
		"latchkeyCode", "latchkeyPendingAddress", "latchkeyTotp", "latchkeyTotpPending", "latchkeyPrintedCodes",
		"latchkeyPrintedUsed", "latchkeyMethodState", "latchkeyRole"};
	size_t found = 0;

	(void)state;
	for (size_t i = 0; lk_attribute_definitions[i] != NULL; i++) {
		LDAPAttributeType *type = parse_attribute(lk_attribute_definitions[i]);

		for (size_t at = 0; at < COUNT(own); at++) {
			if (strcmp(type->at_names[0], own[at]) != 0)
				continue;
			found++;
			assert_int_equal(type->at_usage, LDAP_SCHEMA_DIRECTORY_OPERATION);
			assert_true(type->at_no_user_mod);
			assert_null(type->at_ordering_oid);
			assert_null(type->at_substr_oid);
		}
		assert_int_equal(type->at_usage == LDAP_SCHEMA_DIRECTORY_OPERATION, type->at_no_user_mod != 0);
		ldap_attributetype_free(type);
	}
	assert_int_equal(found, COUNT(own));
}

static void check_members(char *const *members)
{
	for (size_t i = 0; members != NULL && members[i] != NULL; i++)
		assert_true(is_own_name(members[i]) || strcmp(members[i], "cn") == 0 || strcmp(members[i], "description") == 0);
}

static void test_classes_hold_attributes_that_there_are(void **state)
{
	(void)state;
	for (size_t i = 0; lk_class_definitions[i] != NULL; i++) {
		LDAPObjectClass *class = parse_class(lk_class_definitions[i]);

		assert_memory_equal(class->oc_oid, LK_OID_BASE ".2.", sizeof(LK_OID_BASE ".2.") - 1);
		assert_non_null(class->oc_desc);
		assert_string_equal(class->oc_sup_oids[0], "top");
		check_members(class->oc_at_oids_must);
		check_members(class->oc_at_oids_may);
		ldap_objectclass_free(class);
	}
}

static void assert_kind(const char *name, int kind)
{
	for (size_t i = 0; lk_class_definitions[i] != NULL; i++) {
		LDAPObjectClass *class = parse_class(lk_class_definitions[i]);
		bool is_it = strcmp(class->oc_names[0], name) == 0;

		if (is_it)
			assert_int_equal(class->oc_kind, kind);
		ldap_objectclass_free(class);
		if (is_it)
			return;
	}
	fail_msg("no class %s", name);
}

static void test_the_classes(void **state)
{
	(void)state;
	assert_kind("latchkeyPolicy", LDAP_SCHEMA_STRUCTURAL);
	assert_kind("latchkeyUser", LDAP_SCHEMA_AUXILIARY);
	assert_kind("latchkeyContainer", LDAP_SCHEMA_STRUCTURAL);
	assert_kind("latchkeyRecovery", LDAP_SCHEMA_STRUCTURAL);
	assert_kind("latchkeyMonitor", LDAP_SCHEMA_AUXILIARY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_attribute_is_defined_and_named),
		cmocka_unit_test(test_what_latchkey_alone_writes_is_closed_to_users),
		cmocka_unit_test(test_classes_hold_attributes_that_there_are),
		cmocka_unit_test(test_the_classes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
