#include "bulk.h"

#include "bulk-roll.h"
#include "bulk-trace.h"

/* So many are looked for in one go: a moment's work for the directory, after which the list shows them. */
#define AT_ONCE 50

#define WAIT_SECONDS 2 /* before the directory is asked again that did not answer */

struct _LkBulk {
	GObject parent_instance;

	LkSession *session;
	GPtrArray *items; /* of LkBulkItem */
	struct lk_bulk_roll *roll; /* NULL before it is known whom */
	guint barred; /* so many stand first, so that nobody has to look for them */
	gboolean finding;
	gboolean wants_reason;
	GError *error;

	struct lk_bulk_queue *queue; /* NULL before all are found */
	struct lk_reset_request *how;
	size_t index; /* of what is under way */
	enum lk_bulk_step step;
	gboolean halted; /* the directory does not let one sign in: not before it is told to go on */
	gboolean ended;
	gboolean has_passwords;
	guint timer;
};

static void model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(LkBulk, lk_bulk, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

static guint changed_signal;

static void say_changed(LkBulk *self)
{
	g_signal_emit(self, changed_signal, 0);
}

static LkBulkItem *item_at(LkBulk *self, size_t index)
{
	return self->items->pdata[index];
}

/* -- Who -- */

static void add_found(LkBulk *self, struct lk_found *found)
{
	g_autofree char *why = lk_bulk_roll_take(self->roll, found);
	LkBulkItem *item = lk_bulk_item_new(found->given, g_steal_pointer(&found->person));

	self->wants_reason = self->wants_reason || (why == NULL && found->wants_reason);
	guint position = why == NULL ? self->items->len : self->barred++;

	lk_bulk_item_set_state(item, why == NULL ? LK_BULK_WAITING : LK_BULK_BARRED, FALSE, why);
	g_ptr_array_insert(self->items, (int)position, item);
	g_list_model_items_changed(G_LIST_MODEL(self), position, 0, 1);
}

static void make_queue(LkBulk *self)
{
	self->queue = lk_bulk_queue_new(self->items->len);
	for (guint i = 0; i < self->items->len; i++) {
		if (lk_bulk_item_get_state(self->items->pdata[i]) == LK_BULK_BARRED)
			lk_bulk_queue_bar(self->queue, i);
	}
}

static void find_more(LkBulk *self);

static void found_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkBulk) self = user_data;
	GError *error = NULL;
	g_autoptr(GPtrArray) all = lk_session_find_finish(LK_SESSION(source), result, &error);

	self->finding = FALSE;
	self->error = error;
	for (guint i = 0; all != NULL && i < all->len; i++)
		add_found(self, all->pdata[i]);
	if (error == NULL && !self->ended)
		find_more(self);
	say_changed(self);
}

static void find_more(LkBulk *self)
{
	g_autofree const char **some = lk_bulk_roll_next(self->roll, AT_ONCE);

	if (some == NULL) {
		make_queue(self);
		return;
	}
	self->finding = TRUE;
	lk_session_find_async(self->session, some, NULL, found_cb, g_object_ref(self));
}

/* -- Resetting -- */

static void advance(LkBulk *self);

static gboolean time_cb(gpointer user_data)
{
	LkBulk *self = user_data;

	self->timer = 0;
	advance(self);
	return G_SOURCE_REMOVE;
}

static void finish(LkBulk *self, enum lk_bulk_outcome outcome, const GError *error, const char *why)
{
	LkBulkItem *item = item_at(self, self->index);

	lk_bulk_queue_end(self->queue, outcome);
	enum lk_bulk_state state = lk_bulk_queue_state(self->queue, self->index);
	gboolean goes_on = self->step == LK_BULK_LOOK && outcome == LK_BULK_OK && state == LK_BULK_WAITING;
	lk_bulk_item_set_state(item, state, goes_on, state == LK_BULK_FAILED ? why : NULL);
	self->step = LK_BULK_NOTHING;
	g_clear_error(&self->error);
	if (outcome != LK_BULK_LOST) {
		advance(self);
		return;
	}
	self->error = g_error_copy(error);
	if (!self->ended && !self->halted)
		self->timer = g_timeout_add_seconds(WAIT_SECONDS, time_cb, self);
	say_changed(self);
}

/* A directory that is only away comes back by itself. One that refuses to let one in is not asked two hundred times. */
static gboolean is_away(int code)
{
	return code == LDAP_SERVER_DOWN || code == LDAP_CONNECT_ERROR || code == LDAP_TIMEOUT || code == LDAP_BUSY ||
		   code == LDAP_UNAVAILABLE;
}

static void looked(LkBulk *self, struct lk_person *person)
{
	LkBulkItem *item = item_at(self, self->index);
	const struct lk_person *before = lk_bulk_item_get_before(item);
	gboolean done =
		before != NULL && lk_bulk_was_done(before->account, person->account, lk_session_get_dn(self->session));
	g_autofree char *why = lk_error_verdict(person->account->verdict);

	if (self->step == LK_BULK_CHECK) {
		lk_person_free(person);
		finish(self, done ? LK_BULK_OK : LK_BULK_NO, NULL, NULL);
		return;
	}
	lk_bulk_item_set_before(item, person);
	finish(self, done ? LK_BULK_ALREADY : why == NULL ? LK_BULK_OK : LK_BULK_NO, NULL, why);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkBulk) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_person *person = lk_session_read_finish(LK_SESSION(source), result, &error);

	if (person != NULL) {
		looked(self, person);
		return;
	}
	if (g_error_matches(error, LK_ERROR, LDAP_NO_SUCH_OBJECT)) {
		finish(self, LK_BULK_NO, error, error->message);
		return;
	}
	self->halted = !is_away(error->code);
	finish(self, LK_BULK_LOST, error, NULL);
}

static void reset_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkBulk) self = user_data;
	g_autoptr(GError) error = NULL;
	struct lk_reset_result *made = lk_session_reset_finish(LK_SESSION(source), result, &error);

	if (made != NULL) {
		self->has_passwords = self->has_passwords || made->password != NULL;
		lk_bulk_item_take_result(item_at(self, self->index), made);
		finish(self, LK_BULK_OK, NULL, NULL);
	} else if (lk_bulk_may_be_done(error->code)) {
		finish(self, LK_BULK_LOST, error, NULL);
	} else {
		finish(self, LK_BULK_NO, error, error->message);
	}
}

static struct lk_reset_request *make_request(LkBulk *self, const struct lk_person *person)
{
	struct lk_reset_request *request = g_new0(struct lk_reset_request, 1);

	*request = (struct lk_reset_request){.user = g_strdup(person->account->dn),
		.notify = self->how->notify,
		.must_change = self->how->must_change,
		.conceal = self->how->conceal,
		.reason = g_strdup(self->how->reason),
		.ticket = g_strdup(self->how->ticket)};
	return request;
}

static void advance(LkBulk *self)
{
	if (self->ended || self->halted || self->timer != 0 || self->step != LK_BULK_NOTHING)
		return;
	self->step = lk_bulk_queue_begin(self->queue, &self->index);
	if (self->step != LK_BULK_NOTHING) {
		LkBulkItem *item = item_at(self, self->index);
		const struct lk_person *person = lk_bulk_item_get_person(item);
		lk_bulk_item_set_state(item, lk_bulk_queue_state(self->queue, self->index), TRUE, NULL);
		if (self->step == LK_BULK_RESET)
			lk_session_reset_async(self->session, make_request(self, person), NULL, reset_cb, g_object_ref(self));
		else
			lk_session_read_async(self->session, person->account->dn, NULL, read_cb, g_object_ref(self));
	}
	say_changed(self);
}

/* -- The model -- */

static GType get_item_type(GListModel *model)
{
	(void)model;
	return LK_TYPE_BULK_ITEM;
}

static guint get_n_items(GListModel *model)
{
	return LK_BULK(model)->items->len;
}

static gpointer get_item(GListModel *model, guint position)
{
	LkBulk *self = LK_BULK(model);

	return position < self->items->len ? g_object_ref(self->items->pdata[position]) : NULL;
}

static void model_init(GListModelInterface *interface)
{
	interface->get_item_type = get_item_type;
	interface->get_n_items = get_n_items;
	interface->get_item = get_item;
}

static void lk_bulk_finalize(GObject *object)
{
	LkBulk *self = LK_BULK(object);

	g_clear_handle_id(&self->timer, g_source_remove);
	g_object_unref(self->session);
	g_ptr_array_unref(self->items);
	lk_bulk_roll_free(self->roll);
	g_clear_error(&self->error);
	lk_bulk_queue_free(self->queue);
	lk_reset_request_free(self->how);
	G_OBJECT_CLASS(lk_bulk_parent_class)->finalize(object);
}

static void lk_bulk_class_init(LkBulkClass *class)
{
	G_OBJECT_CLASS(class)->finalize = lk_bulk_finalize;
	changed_signal =
		g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void lk_bulk_init(LkBulk *self)
{
	self->items = g_ptr_array_new_with_free_func(g_object_unref);
}

LkBulk *lk_bulk_new(LkSession *session)
{
	LkBulk *self = g_object_new(LK_TYPE_BULK, NULL);

	self->session = g_object_ref(session);
	return self;
}

void lk_bulk_find(LkBulk *self, const char *const *names)
{
	self->roll = lk_bulk_roll_new(names, lk_session_get_dn(self->session));
	find_more(self);
}

void lk_bulk_find_again(LkBulk *self)
{
	g_clear_error(&self->error);
	find_more(self);
	say_changed(self);
}

gboolean lk_bulk_is_finding(LkBulk *self)
{
	return self->finding;
}

gboolean lk_bulk_wants_reason(LkBulk *self)
{
	return self->wants_reason;
}

const GError *lk_bulk_get_error(LkBulk *self)
{
	return self->error;
}

guint lk_bulk_count(LkBulk *self, enum lk_bulk_state state)
{
	return self->queue == NULL ? 0 : (guint)lk_bulk_queue_count(self->queue, state);
}

void lk_bulk_start(LkBulk *self, struct lk_reset_request *how)
{
	self->how = how;
	lk_bulk_go_on(self);
}

void lk_bulk_pause(LkBulk *self)
{
	lk_bulk_queue_pause(self->queue);
	say_changed(self);
}

void lk_bulk_go_on(LkBulk *self)
{
	self->halted = FALSE;
	g_clear_handle_id(&self->timer, g_source_remove);
	lk_bulk_queue_go(self->queue);
	advance(self);
	say_changed(self);
}

static void show_states(LkBulk *self, enum lk_bulk_state state)
{
	for (guint i = 0; i < self->items->len; i++) {
		if (lk_bulk_queue_state(self->queue, i) == state)
			lk_bulk_item_set_state(item_at(self, i), state, FALSE, NULL);
	}
}

void lk_bulk_cancel(LkBulk *self)
{
	lk_bulk_queue_cancel(self->queue);
	show_states(self, LK_BULK_LEFT);
	say_changed(self);
}

void lk_bulk_retry(LkBulk *self)
{
	lk_bulk_queue_retry(self->queue);
	show_states(self, LK_BULK_WAITING);
	lk_bulk_go_on(self);
}

gboolean lk_bulk_is_paused(LkBulk *self)
{
	return self->halted || lk_bulk_queue_is_paused(self->queue);
}

gboolean lk_bulk_is_offline(LkBulk *self)
{
	return self->queue != NULL && lk_bulk_queue_is_offline(self->queue);
}

gboolean lk_bulk_is_over(LkBulk *self)
{
	return self->queue != NULL && self->how != NULL && lk_bulk_queue_is_over(self->queue);
}

void lk_bulk_end(LkBulk *self)
{
	self->ended = TRUE;
	g_clear_handle_id(&self->timer, g_source_remove);
}

gboolean lk_bulk_has_passwords(LkBulk *self)
{
	return self->has_passwords;
}

void lk_bulk_reveal(LkBulk *self, gboolean revealed)
{
	for (guint i = 0; i < self->items->len; i++)
		lk_bulk_item_set_revealed(self->items->pdata[i], revealed);
}
