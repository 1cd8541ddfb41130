#include "person.h"

#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "entry.h"
#include "text.h"

const char *const lk_person_list_attributes[] = {"entryUUID", "uid", "displayName", "cn", "mail", "departmentNumber",
	"ou", "title", "employeeNumber", "latchkeyRecoveryAddress", "latchkeyMessage", "latchkeyBlocked",
	"latchkeyTemporaryUntil", "latchkeyFailedMessage", "latchkeyRole", "pwdAccountLockedTime", "pwdStartTime",
	"pwdEndTime", "pwdReset", "pwdLastSuccess", "authTimestamp", NULL};

const char *const lk_person_detail_attributes[] = {"entryUUID", "uid", "displayName", "cn", "mail", "departmentNumber",
	"ou", "title", "employeeNumber", "telephoneNumber", "mobile", "latchkeyRecoveryAddress", "latchkeyMessage",
	"latchkeyBlocked", "latchkeyEvent", "latchkeyTemporaryUntil", "latchkeyFailedMessage", "latchkeyMethodState",
	"latchkeyResetVerdict", "latchkeyRole", "pwdAccountLockedTime", "pwdStartTime", "pwdEndTime", "pwdReset",
	"pwdChangedTime", "pwdPolicySubentry", "pwdLastSuccess", "authTimestamp", "preferredLanguage", NULL};

/* The first value of the first of ATTRIBUTES that has one; NULL for none. */
static char *copy_first(LDAP *ld, LDAPMessage *entry, const char *const *attributes)
{
	char *copy = NULL;

	for (; *attributes != NULL && copy == NULL; attributes++) {
		struct berval **values = ldap_get_values_len(ld, entry, *attributes);
		if (values != NULL && values[0] != NULL)
			copy = g_strndup(values[0]->bv_val, values[0]->bv_len);
		ldap_value_free_len(values);
	}
	return copy;
}

static char *copy_clean(LDAP *ld, LDAPMessage *entry, const char *const *attributes)
{
	char *value = copy_first(ld, entry, attributes);
	char *clean = lk_text_clean(value);

	g_free(value);
	return clean;
}

/* GeneralizedTime as slapd writes it: YYYYmmddHHMMSS, perhaps a fraction, and Z. */
static time_t read_time(const char *text)
{
	int year, month, day, hour, minute, second;

	if (text == NULL || sscanf(text, "%4d%2d%2d%2d%2d%2d", &year, &month, &day, &hour, &minute, &second) != 6)
		return 0;
	GDateTime *time = g_date_time_new_utc(year, month, day, hour, minute, second);
	time_t when = time == NULL ? 0 : g_date_time_to_unix(time);
	if (time != NULL)
		g_date_time_unref(time);
	return when;
}

static int hex_value(char c)
{
	return c == '\0' ? -1 : g_ascii_xdigit_value(c);
}

/* 8-4-4-4-12 hexadecimal digits. */
static void read_uuid(const char *text, unsigned char *ret_uuid)
{
	unsigned char uuid[LK_UUID_SIZE];
	size_t read = 0;

	for (const char *at = text; at != NULL && *at != '\0' && read < LK_UUID_SIZE;) {
		if (*at == '-') {
			at++;
			continue;
		}
		int high = hex_value(at[0]), low = high < 0 ? -1 : hex_value(at[1]);
		if (low < 0)
			return;
		uuid[read++] = (unsigned char)(high << 4 | low);
		at += 2;
	}
	if (read == LK_UUID_SIZE)
		memcpy(ret_uuid, uuid, sizeof uuid);
}

void lk_person_read_uuid(LDAP *ld, LDAPMessage *entry, unsigned char *ret_uuid)
{
	static const char *const names[] = {"entryUUID", NULL};
	char *text = copy_first(ld, entry, names);

	read_uuid(text, ret_uuid);
	g_free(text);
}

static time_t read_last_sign_in(LDAP *ld, LDAPMessage *entry)
{
	static const char *const names[] = {"pwdLastSuccess", "authTimestamp", NULL};
	char *text = copy_first(ld, entry, names);
	time_t when = read_time(text);

	g_free(text);
	return when;
}

static void read_addresses(LDAP *ld, LDAPMessage *entry, struct lk_person *person)
{
	char **all = lk_entry_values(ld, entry, "latchkeyRecoveryAddress");
	unsigned count = g_strv_length(all), shown = MIN(count, LK_PERSON_MOST_ADDRESSES);

	person->addresses = g_new0(char *, shown + 1);
	person->more_addresses = count - shown;
	for (unsigned i = 0; i < shown; i++)
		person->addresses[i] = g_steal_pointer(&all[i]);
	for (unsigned i = shown; i < count; i++)
		g_free(all[i]);
	g_free(all);
}

static enum lk_role read_role(LDAP *ld, LDAPMessage *entry)
{
	static const struct {
		const char *name; /* a value of latchkeyRole */
		enum lk_role role;
	} names[] = {
		{"globalAdministrator", LK_ROLE_OF_GLOBAL_ADMIN},
		{"passwordAdministrator", LK_ROLE_OF_PASSWORD_ADMIN},
		{"auditor", LK_ROLE_OF_AUDITOR},
	};
	char **values = lk_entry_values(ld, entry, "latchkeyRole");
	enum lk_role role = LK_ROLE_NOBODYS;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && role == LK_ROLE_NOBODYS; i++) {
		if (g_strv_contains((const char *const *)values, names[i].name))
			role = names[i].role;
	}
	g_strfreev(values);
	return role;
}

struct lk_person *lk_person_read(LDAP *ld, LDAPMessage *entry)
{
	static const char *const mail[] = {"mail", NULL}, *const department[] = {"departmentNumber", "ou", NULL},
							 *const title[] = {"title", NULL}, *const number[] = {"employeeNumber", NULL},
							 *const phone[] = {"telephoneNumber", "mobile", NULL},
							 *const language[] = {"preferredLanguage", NULL};
	struct lk_person *person = g_new0(struct lk_person, 1);

	person->account = lk_client_account_read(ld, entry);
	person->mail = copy_clean(ld, entry, mail);
	person->department = copy_clean(ld, entry, department);
	person->title = copy_clean(ld, entry, title);
	person->number = copy_clean(ld, entry, number);
	person->phone = copy_clean(ld, entry, phone);
	person->language = copy_clean(ld, entry, language);
	read_addresses(ld, entry, person);
	person->methods = lk_entry_values(ld, entry, "latchkeyMethodState");
	person->role = read_role(ld, entry);
	person->last_sign_in = read_last_sign_in(ld, entry);
	lk_person_read_uuid(ld, entry, person->uuid);
	return person;
}

void lk_person_free(struct lk_person *person)
{
	if (person == NULL)
		return;
	lk_client_account_free(person->account);
	g_free(person->mail);
	g_free(person->department);
	g_free(person->title);
	g_free(person->number);
	g_free(person->phone);
	g_free(person->language);
	g_strfreev(person->addresses);
	g_strfreev(person->methods);
	g_free(person);
}

enum lk_state lk_person_state(const struct lk_person *person, time_t now)
{
	const struct lk_account *account = person->account;

	if (account->blocked)
		return LK_PERSON_BLOCKED;
	if (account->lock != LK_ACCOUNT_OPEN)
		return account->lock == LK_ACCOUNT_LOCKED ? LK_PERSON_LOCKED : LK_PERSON_CLOSED;
	if (account->temporary_until > now)
		return LK_PERSON_TEMPORARY;
	if (account->must_change)
		return LK_PERSON_MUST_CHANGE;
	if (account->expired)
		return LK_PERSON_EXPIRED;
	if (account->expires != 0 && account->expires - now < LK_PERSON_EXPIRING_SECONDS)
		return LK_PERSON_EXPIRING;
	if (person->addresses[0] == NULL && *person->mail == '\0')
		return LK_PERSON_NO_ADDRESS;
	return LK_PERSON_NORMAL;
}

const struct lk_account_message *lk_person_last_message(const struct lk_person *person)
{
	const struct lk_account *account = person->account;

	return account->messages_count == 0 ? NULL : &account->messages[account->messages_count - 1];
}

const char *lk_person_name(const struct lk_person *person)
{
	const struct lk_account *account = person->account;

	return account->name != NULL ? account->name : account->login != NULL ? account->login : account->dn;
}

/* FNV-1a: what tells UUIDs that slapd has made one after the other apart is in the middle of them. */
unsigned lk_uuid_hash(const void *uuid)
{
	const unsigned char *octets = uuid;
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < LK_UUID_SIZE; i++)
		hash = (hash ^ octets[i]) * 16777619u;
	return hash;
}

int lk_uuid_equal(const void *one, const void *other)
{
	return memcmp(one, other, LK_UUID_SIZE) == 0;
}
