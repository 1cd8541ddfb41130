/* Reading accounts: a page of a list, or one with its details. */
#include <string.h>

#include "search.h"
#include "session.h"

#define SKIPPED_AT_ONCE 5000u

static struct berval copy_octets(const struct berval *octets)
{
	return (struct berval){.bv_len = octets->bv_len, .bv_val = g_memdup2(octets->bv_val, octets->bv_len)};
}

static void request_free(gpointer data)
{
	struct lk_list_request *request = data;

	g_free(request->base);
	g_free(request->filter);
	g_free(request->cookie.bv_val);
	g_free(request);
}

void lk_list_page_free(struct lk_list_page *page)
{
	if (page == NULL)
		return;
	g_ptr_array_unref(page->people);
	if (page->uuids != NULL)
		g_byte_array_unref(page->uuids);
	g_free(page->cookie.bv_val);
	g_free(page);
}

static void page_free(gpointer page)
{
	lk_list_page_free(page);
}

static void person_free(gpointer person)
{
	lk_person_free(person);
}

static void read_people(LDAP *ld, LDAPMessage *message, GPtrArray *people)
{
	LDAPMessage *entry = message == NULL ? NULL : ldap_first_entry(ld, message);

	for (; entry != NULL; entry = ldap_next_entry(ld, entry))
		g_ptr_array_add(people, lk_person_read(ld, entry));
}

static void read_uuids(LDAP *ld, LDAPMessage *message, GByteArray *uuids)
{
	LDAPMessage *entry = message == NULL ? NULL : ldap_first_entry(ld, message);

	for (; entry != NULL; entry = ldap_next_entry(ld, entry)) {
		unsigned char uuid[LK_UUID_SIZE] = {0};
		lk_person_read_uuid(ld, entry, uuid);
		g_byte_array_append(uuids, uuid, sizeof uuid);
	}
}

/* The cookie of the next page; bv_len 0 where there is none. */
static struct berval read_cookie(LDAP *ld, LDAPMessage *message)
{
	LDAPControl **controls = NULL;
	struct berval cookie = {0}, copy = {0};
	ber_int_t estimate = 0;

	if (ldap_parse_result(ld, message, NULL, NULL, NULL, NULL, &controls, 0) != LDAP_SUCCESS)
		return copy;
	LDAPControl *control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	if (control != NULL && ldap_parse_pageresponse_control(ld, control, &estimate, &cookie) == LDAP_SUCCESS)
		copy = copy_octets(&cookie);
	ber_memfree(cookie.bv_val);
	ldap_controls_free(controls);
	return copy;
}

/* One search for what REQUEST names, with CONTROLS, of which the second is for the page: SIZE entries after COOKIE, which is
 * replaced; no pages where SIZE is 0. */
static int ask(struct lk_connection *connection, GTask *task, int size, const char *const *attributes,
	struct lk_list_page *page, LDAPMessage **ret_message)
{
	const struct lk_list_request *request = g_task_get_task_data(task);
	LDAPControl usability = {.ldctl_oid = (char *)LDAP_CONTROL_X_ACCOUNT_USABILITY};
	LDAPControl *controls[] = {&usability, NULL, NULL};
	struct lk_search search = {.base = request->base == NULL ? connection->base : request->base,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = request->filter,
		.attributes = attributes,
		.controls = controls,
		.limit = request->limit};
	int rc = size == 0 ? LDAP_SUCCESS
					   : ldap_create_page_control(
							 connection->ld, size, page->cookie.bv_len == 0 ? NULL : &page->cookie, 1, &controls[1]);

	if (rc == LDAP_SUCCESS)
		rc = lk_search(connection, &search, g_task_get_cancellable(task), ret_message);
	ldap_control_free(controls[1]);
	/* Where a limit leaves nothing at all, the directory refuses to be asked like this: that is not nobody. */
	if (rc != LDAP_SUCCESS && *ret_message != NULL && page->cookie.bv_len == 0 &&
		ldap_first_entry(connection->ld, *ret_message) == NULL)
		g_clear_pointer(ret_message, ldap_msgfree);
	if (*ret_message == NULL)
		return rc;
	g_free(page->cookie.bv_val);
	page->cookie = read_cookie(connection->ld, *ret_message);
	page->cut = rc != LDAP_SUCCESS;
	return LDAP_SUCCESS;
}

/* Passes over entries without their attributes, some thousand at a time, so that little is held of them here. */
static int skip(struct lk_connection *connection, GTask *task, guint count, struct lk_list_page *page)
{
	static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
	int rc = LDAP_SUCCESS;

	while (count > 0 && rc == LDAP_SUCCESS) {
		guint size = MIN(count, SKIPPED_AT_ONCE);
		LDAPMessage *message = NULL;
		rc = ask(connection, task, (int)size, nothing, page, &message);
		ldap_msgfree(message);
		count -= size;
		if (page->cookie.bv_len == 0)
			break;
	}
	return rc;
}

static const char *const *wanted_attributes(const struct lk_list_request *request)
{
	static const char *const uuid[] = {"entryUUID", NULL};

	if (request->only_uuids)
		return uuid;
	return request->attributes == NULL ? lk_person_list_attributes : request->attributes;
}

/* Simple paged results (RFC 2696), and not a virtual list view: slapd answers the first page after reading a page's entries,
 * where a view has it read and sort all of them first (for a million users that is seconds, and memory of slapd's for every
 * reader); and it is there in each slapd, while sssvlv has to be loaded. What it costs is that the list has no total and is
 * read from its beginning, in no order. A cookie dies with its connection: then what was read already is passed over. */
static int list(struct lk_connection *connection, GTask *task)
{
	const struct lk_list_request *request = g_task_get_task_data(task);
	LDAPMessage *message = NULL;

	/* What slapd says to a cookie of another connection. */
	if (request->cookie.bv_val != NULL && request->generation != connection->generation)
		return LDAP_PROTOCOL_ERROR;
	struct lk_list_page *page = g_new0(struct lk_list_page, 1);
	page->people = g_ptr_array_new_with_free_func(person_free);
	page->cookie = copy_octets(&request->cookie);
	page->generation = connection->generation;
	int rc = skip(connection, task, request->skip, page);
	bool ended = request->skip > 0 && page->cookie.bv_len == 0;
	if (rc == LDAP_SUCCESS && !ended)
		rc = ask(connection, task, request->size, wanted_attributes(request), page, &message);
	if (rc != LDAP_SUCCESS) {
		lk_list_page_free(page);
		return rc;
	}
	if (request->only_uuids)
		read_uuids(connection->ld, message, page->uuids = g_byte_array_new());
	else
		read_people(connection->ld, message, page->people);
	ldap_msgfree(message);
	g_task_return_pointer(task, page, page_free);
	return LDAP_SUCCESS;
}

void lk_session_list_async(LkSession *self, const struct lk_list_request *request, GCancellable *cancellable,
	GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {list, LK_STEP_READ, true};
	GTask *task = g_task_new(self, cancellable, callback, user_data);
	struct lk_list_request *copy = g_memdup2(request, sizeof *request);

	copy->base = g_strdup(request->base);
	copy->filter = g_strdup(request->filter);
	copy->cookie = copy_octets(&request->cookie);
	g_task_set_task_data(task, copy, request_free);
	lk_session_push(self, &job, task);
}

struct lk_list_page *lk_session_list_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}

static int read_one(struct lk_connection *connection, GTask *task)
{
	LDAPControl usability = {.ldctl_oid = (char *)LDAP_CONTROL_X_ACCOUNT_USABILITY};
	LDAPControl *controls[] = {&usability, NULL};
	struct lk_search search = {.base = g_task_get_task_data(task),
		.scope = LDAP_SCOPE_BASE,
		.filter = "(objectClass=*)",
		.attributes = lk_person_detail_attributes,
		.controls = controls};
	LDAPMessage *message = NULL;
	int rc = lk_search(connection, &search, g_task_get_cancellable(task), &message);

	if (message == NULL)
		return rc;
	LDAPMessage *entry = ldap_first_entry(connection->ld, message);
	if (entry != NULL)
		g_task_return_pointer(task, lk_person_read(connection->ld, entry), person_free);
	ldap_msgfree(message);
	return entry == NULL ? LDAP_NO_SUCH_OBJECT : LDAP_SUCCESS;
}

void lk_session_read_async(
	LkSession *self, const char *dn, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {read_one, LK_STEP_READ, true};
	GTask *task = g_task_new(self, cancellable, callback, user_data);

	g_task_set_task_data(task, g_strdup(dn), g_free);
	lk_session_push(self, &job, task);
}

struct lk_person *lk_session_read_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	(void)self;
	return g_task_propagate_pointer(G_TASK(result), error);
}
