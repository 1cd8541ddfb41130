/* Reading accounts: a page of a list, or one with its details. */
#include <string.h>

#include "search.h"
#include "session.h"

static struct berval copy_octets(const struct berval *octets)
{
	return (struct berval){.bv_len = octets->bv_len, .bv_val = g_memdup2(octets->bv_val, octets->bv_len)};
}

static void request_free(gpointer data)
{
	struct lk_list_request *request = data;

	g_free(request->filter);
	g_free(request->cookie.bv_val);
	g_free(request);
}

void lk_list_page_free(struct lk_list_page *page)
{
	if (page == NULL)
		return;
	g_ptr_array_unref(page->people);
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

static GPtrArray *read_people(LDAP *ld, LDAPMessage *message)
{
	GPtrArray *people = g_ptr_array_new_with_free_func(person_free);

	for (LDAPMessage *entry = ldap_first_entry(ld, message); entry != NULL; entry = ldap_next_entry(ld, entry))
		g_ptr_array_add(people, lk_person_read(ld, entry));
	return people;
}

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

/* Simple paged results (RFC 2696), and not a virtual list view: slapd answers the first page after reading a page's entries,
 * where a view has it read and sort all of them first (for a million users that is seconds, and memory of slapd's for every
 * reader); and it is there in each slapd, while sssvlv has to be loaded. What it costs is that the list has no total and is
 * read from its beginning. Names are not in order either, unless a search makes them few. */
static int make_paging(
	struct lk_connection *connection, const struct lk_list_request *request, LDAPControl **ret_paging)
{
	struct berval cookie = request->cookie;

	/* What slapd says to a cookie of another connection. */
	if (cookie.bv_val != NULL && request->generation != connection->generation)
		return LDAP_PROTOCOL_ERROR;
	return ldap_create_page_control(
		connection->ld, request->size, cookie.bv_val == NULL ? NULL : &cookie, 1, ret_paging);
}

static int list(struct lk_connection *connection, GTask *task)
{
	const struct lk_list_request *request = g_task_get_task_data(task);
	LDAPControl usability = {.ldctl_oid = (char *)LDAP_CONTROL_X_ACCOUNT_USABILITY};
	LDAPControl *controls[] = {&usability, NULL, NULL};
	LDAPMessage *message = NULL;
	int rc = request->size == 0 ? LDAP_SUCCESS : make_paging(connection, request, &controls[1]);

	if (rc != LDAP_SUCCESS)
		return rc;
	struct lk_search search = {.base = connection->base,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = request->filter,
		.attributes = request->attributes == NULL ? lk_person_list_attributes : request->attributes,
		.controls = controls,
		.limit = request->limit};
	rc = lk_search(connection, &search, g_task_get_cancellable(task), &message);
	ldap_control_free(controls[1]);
	if (message == NULL)
		return rc;

	struct lk_list_page *page = g_new0(struct lk_list_page, 1);
	page->people = read_people(connection->ld, message);
	page->cookie = read_cookie(connection->ld, message);
	page->generation = connection->generation;
	page->cut = rc != LDAP_SUCCESS;
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
