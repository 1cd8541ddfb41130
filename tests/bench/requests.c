/* See requests.h. */
#include "requests.h"

#include <ldap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "oid.h"
#include "wire.h"

#define WRONG_CODE "0000-0000-0000"
#define LONGEST_DN 256

static void check(int status)
{
	if (status < 0)
		client_fail("a request");
}

void bench_user_name(unsigned number, char ret_name[BENCH_NAME_SIZE])
{
	snprintf(ret_name, BENCH_NAME_SIZE, "u%07u", number);
}

static void user_dn(const struct bench_directory *directory, const char *name, char ret_dn[LONGEST_DN])
{
	snprintf(ret_dn, LONGEST_DN, "uid=%s,%s", name, directory->base);
}

/* All attributes of users of one uid. */
static BerElement *search(struct client *client, const struct bench_directory *directory, const char *name)
{
	BerElement *request = client_begin(client);

	check(ber_printf(request, "t{seeiibt{ss}{}}}", LDAP_REQ_SEARCH, directory->suffix, LDAP_SCOPE_SUBTREE,
		LDAP_DEREF_NEVER, 0, 0, 0, LDAP_FILTER_EQUALITY, "uid", name));
	return request;
}

/* The suffix alone, without attributes: the same work whoever was asked for before. */
static BerElement *base(struct client *client, const struct bench_directory *directory, const char *name)
{
	BerElement *request = client_begin(client);

	(void)name;
	check(ber_printf(request, "t{seeiibts{s}}}", LDAP_REQ_SEARCH, directory->suffix, LDAP_SCOPE_BASE, LDAP_DEREF_NEVER,
		0, 0, 0, LDAP_FILTER_PRESENT, "objectClass", LDAP_NO_ATTRS));
	return request;
}

static BerElement *bind_as(struct client *client, const char *dn, const char *password)
{
	BerElement *request = client_begin(client);

	check(ber_printf(request, "t{ists}}", LDAP_REQ_BIND, LDAP_VERSION3, dn, LDAP_AUTH_SIMPLE, password));
	return request;
}

static BerElement *bind_user(struct client *client, const struct bench_directory *directory, const char *name)
{
	char dn[LONGEST_DN];

	user_dn(directory, name, dn);
	return bind_as(client, dn, directory->password);
}

void bench_sign_in(struct client *client, const char *dn, const char *password)
{
	if (client_ask(client, bind_as(client, dn, password)) != LDAP_SUCCESS)
		client_fail(dn);
}

void bench_ask(struct client *client, bench_request *request, const struct bench_directory *directory, unsigned number)
{
	char name[BENCH_NAME_SIZE];
	int result;

	bench_user_name(number, name);
	result = client_ask(client, request(client, directory, name));
	if (result == LDAP_SUCCESS)
		return;
	fprintf(stderr, "%s was answered with %d\n", name, result);
	exit(1);
}

const char *bench_environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* Another value for a plain attribute. */
static BerElement *modify(struct client *client, const struct bench_directory *directory, const char *name)
{
	BerElement *request = client_begin(client);
	char dn[LONGEST_DN], value[BENCH_NAME_SIZE];

	user_dn(directory, name, dn);
	snprintf(value, sizeof value, "changed %d", client->message_id);
	check(ber_printf(request, "t{s{{e{s[s]}}}}}", LDAP_REQ_MODIFY, dn, LDAP_MOD_REPLACE, "description", value));
	return request;
}

/* VALUE may be NULL and is freed. The request is left open for controls. */
static BerElement *begin_extended(struct client *client, const char *oid, struct berval *value)
{
	BerElement *request = client_begin(client);

	check(ber_printf(request, "t{ts" /*}*/, LDAP_REQ_EXTENDED, LDAP_TAG_EXOP_REQ_OID, oid));
	if (value)
		check(ber_printf(request, "tO", LDAP_TAG_EXOP_REQ_VALUE, value));
	check(ber_printf(request, /*{*/ "}"));
	lk_wire_free(value);
	return request;
}

static BerElement *end(BerElement *request)
{
	check(ber_printf(request, /*{*/ "}"));
	return request;
}

static BerElement *whoami(struct client *client, const struct bench_directory *directory, const char *name)
{
	(void)directory;
	(void)name;
	return end(begin_extended(client, LDAP_EXOP_WHO_AM_I, NULL));
}

/* Another one each time, or slapo-ppolicy would find it in the history. */
static void new_password(char ret_password[BENCH_NAME_SIZE])
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(ret_password, BENCH_NAME_SIZE, "New-%lu-%09lu", (unsigned long)now.tv_sec, (unsigned long)now.tv_nsec);
}

static struct berval *password_modify_value(const char *user, const char *old)
{
	char new[BENCH_NAME_SIZE];
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	struct berval *value = NULL;

	new_password(new);
	check(ber ? ber_printf(ber, "{ts" /*}*/, LDAP_TAG_EXOP_MODIFY_PASSWD_ID, user) : -1);
	if (old)
		check(ber_printf(ber, "ts", LDAP_TAG_EXOP_MODIFY_PASSWD_OLD, old));
	check(ber_printf(ber, /*{*/ "ts}", LDAP_TAG_EXOP_MODIFY_PASSWD_NEW, new));
	check(ber_flatten(ber, &value));
	ber_free(ber, 1);
	return value;
}

static BerElement *begin_password(struct client *client, const struct bench_directory *directory, const char *name)
{
	char dn[LONGEST_DN];

	user_dn(directory, name, dn);
	return begin_extended(client, LDAP_EXOP_MODIFY_PASSWD, password_modify_value(dn, NULL));
}

static BerElement *password(struct client *client, const struct bench_directory *directory, const char *name)
{
	return end(begin_password(client, directory, name));
}

/* The same with its message to the user. */
static BerElement *reset(struct client *client, const struct bench_directory *directory, const char *name)
{
	BerElement *request = begin_password(client, directory, name);
	const struct lk_notify notify = {.must_change = true};
	struct berval *value = NULL;

	check(lk_wire_encode_notify(&notify, &value));
	check(ber_printf(request, "t{{sbO}}", LDAP_TAG_CONTROLS, LK_CONTROL_NOTIFY, 1, value));
	lk_wire_free(value);
	return end(request);
}

static struct berval text(const char *from)
{
	return (struct berval){strlen(from), (char *)from};
}

static BerElement *recovery_request(struct client *client, const struct bench_directory *directory, const char *name)
{
	const struct lk_recovery_request request = {.user = text(name), .locale = text("ko")};
	struct berval *value = NULL;

	(void)directory;
	check(lk_wire_encode_recovery_request(&request, &value));
	return end(begin_extended(client, LK_EXOP_RECOVERY_REQUEST, value));
}

static BerElement *recovery_complete(struct client *client, const struct bench_directory *directory, const char *name)
{
	struct lk_recovery_complete request = {
		.user = text(name), .proofs = {{LK_METHOD_MAIL, text(WRONG_CODE)}}, .proofs_count = 1};
	char new[BENCH_NAME_SIZE];
	struct berval *value = NULL;

	(void)directory;
	new_password(new);
	request.new_password = text(new);
	check(lk_wire_encode_recovery_complete(&request, &value));
	return end(begin_extended(client, LK_EXOP_RECOVERY_COMPLETE, value));
}

static BerElement *old_form(struct client *client, const struct bench_directory *directory, const char *name)
{
	(void)directory;
	return end(begin_extended(client, LDAP_EXOP_MODIFY_PASSWD, password_modify_value(name, WRONG_CODE)));
}

bench_request *bench_request_named(const char *name)
{
	static const struct {
		const char *name;
		bench_request *request;
	} requests[] = {{"search", search}, {"base", base}, {"bind", bind_user}, {"modify", modify}, {"password", password},
		{"reset", reset}, {"whoami", whoami}, {"request", recovery_request}, {"complete", recovery_complete},
		{"old-form", old_form}};

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		if (!strcmp(requests[i].name, name))
			return requests[i].request;
	}
	return NULL;
}
