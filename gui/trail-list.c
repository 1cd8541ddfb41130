#include "trail-list.h"

#include "trail.h"

#define PAGE 250
#define DAY 86400

/* Of a longer time one looks for a person, or saves the log: a list of more than this is read by nobody. */
#define MOST 5000

struct _LkTrailList {
	GObject parent_instance;

	LkSession *session;
	GPtrArray *held; /* of LkTrailItem: events of days that are still to be read, on entries that have newer ones */
	GPtrArray *read; /* the newest first */
	GPtrArray *shown; /* those of READ that are wished for */
	time_t since;
	GHashTable *early; /* DNs of those read before the days, who may have got one since */
	gboolean before_days; /* whether these are being read */
	time_t day; /* that is being read: its beginning */
	char *kind, *typed;
	struct berval cookie;
	unsigned generation;
	GCancellable *pending; /* NULL where nothing is awaited */
	gboolean fresh; /* what is awaited takes the place of what is there */
	gboolean cut;
	GError *error;
};

static void model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(
	LkTrailList, lk_trail_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

static GParamSpec *state_property;

static void notify_state(LkTrailList *self)
{
	g_object_notify_by_pspec(G_OBJECT(self), state_property);
}

/* -- What is shown -- */

static guint common_begin(GPtrArray *one, GPtrArray *other)
{
	guint same = 0;

	while (same < one->len && same < other->len && one->pdata[same] == other->pdata[same])
		same++;
	return same;
}

static void show(LkTrailList *self)
{
	struct lk_trail_wish wish = {.since = self->since, .kind = self->kind, .typed = self->typed};
	GPtrArray *before = self->shown;

	self->shown = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < self->read->len; i++) {
		LkTrailItem *item = self->read->pdata[i];
		if (lk_trail_fits(&wish, lk_trail_item_get_person(item), lk_trail_item_get_event(item)))
			g_ptr_array_add(self->shown, g_object_ref(item));
	}
	guint same = common_begin(before, self->shown);
	if (before->len > same || self->shown->len > same)
		g_list_model_items_changed(G_LIST_MODEL(self), same, before->len - same, self->shown->len - same);
	g_ptr_array_unref(before);
}

/* -- What is read -- */

static void hold(LkTrailList *self, struct lk_person *person)
{
	g_autoptr(LkUser) user = lk_user_new();

	lk_user_take_person(user, person);
	if (self->before_days)
		g_hash_table_add(self->early, g_strdup(person->account->dn));
	else if (g_hash_table_contains(self->early, person->account->dn))
		return;
	for (size_t i = 0; i < person->account->events_count; i++) {
		if (person->account->events[i].time >= self->since)
			g_ptr_array_add(self->held, lk_trail_item_new(user, i));
	}
}

/* Of what is held that is of the day being read, or newer: a clock may have been ahead. */
static void release(LkTrailList *self)
{
	for (guint i = 0; i < self->held->len;) {
		if (lk_trail_item_get_event(self->held->pdata[i])->time >= self->day)
			g_ptr_array_add(self->read, g_ptr_array_steal_index_fast(self->held, i));
		else
			i++;
	}
	g_ptr_array_sort(self->read, lk_trail_item_compare);
}

static void forget_cookie(LkTrailList *self)
{
	g_free(self->cookie.bv_val);
	self->cookie = (struct berval){0};
}

static void take_page(LkTrailList *self, struct lk_list_page *page)
{
	if (self->fresh)
		g_ptr_array_set_size(self->read, 0);
	self->fresh = FALSE;
	for (guint i = 0; i < page->people->len; i++)
		hold(self, g_steal_pointer(&page->people->pdata[i]));
	release(self);
	forget_cookie(self);
	self->cookie = page->cookie;
	page->cookie = (struct berval){0};
	self->generation = page->generation;
	self->cut = self->cut || page->cut || self->read->len >= MOST;
	if (self->cookie.bv_len == 0) {
		forget_cookie(self);
		if (!self->before_days)
			self->day -= DAY;
		self->before_days = FALSE;
	}
	lk_list_page_free(page);
}

static void fetch(LkTrailList *self);

/* The whole days that are left reach back to before SINCE. */
static gboolean is_complete(LkTrailList *self)
{
	return self->day + DAY <= self->since || self->read->len >= MOST;
}

static void page_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GError *error = NULL;
	struct lk_list_page *page = lk_session_list_finish(LK_SESSION(source), result, &error);
	LkTrailList *self = user_data;

	/* Something else was asked for since, and SELF may be gone. */
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	g_clear_object(&self->pending);
	if (page != NULL) {
		take_page(self, page);
		show(self);
		if (!is_complete(self))
			fetch(self);
	} else if (g_error_matches(error, LK_ERROR, LDAP_PROTOCOL_ERROR) && self->cookie.bv_len > 0) {
		/* The connection that knew how far the page before had come is gone. */
		g_error_free(error);
		lk_trail_list_read(self, self->since);
	} else {
		self->error = error;
	}
	notify_state(self);
}

static void fetch(LkTrailList *self)
{
	g_autofree char *filter = self->before_days ? g_strdup(LK_TRAIL_WITHOUT_DAY) : lk_trail_filter(self->day);
	struct lk_list_request request = {.filter = filter,
		.attributes = lk_trail_attributes,
		.cookie = self->cookie,
		.generation = self->generation,
		.size = PAGE};

	self->pending = g_cancellable_new();
	lk_session_list_async(self->session, &request, self->pending, page_cb, self);
}

static void abandon(LkTrailList *self)
{
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
}

/* -- Overrides -- */

static GType get_item_type(GListModel *model)
{
	(void)model;
	return LK_TYPE_TRAIL_ITEM;
}

static guint get_n_items(GListModel *model)
{
	return LK_TRAIL_LIST(model)->shown->len;
}

static gpointer get_item(GListModel *model, guint position)
{
	LkTrailList *self = LK_TRAIL_LIST(model);

	return position < self->shown->len ? g_object_ref(self->shown->pdata[position]) : NULL;
}

static void model_init(GListModelInterface *interface)
{
	interface->get_item_type = get_item_type;
	interface->get_n_items = get_n_items;
	interface->get_item = get_item;
}

static void lk_trail_list_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	(void)id, (void)spec;
	g_value_set_boolean(value, lk_trail_list_get_busy(LK_TRAIL_LIST(object)));
}

static void lk_trail_list_dispose(GObject *object)
{
	LkTrailList *self = LK_TRAIL_LIST(object);

	abandon(self);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_trail_list_parent_class)->dispose(object);
}

static void lk_trail_list_finalize(GObject *object)
{
	LkTrailList *self = LK_TRAIL_LIST(object);

	forget_cookie(self);
	g_hash_table_unref(self->early);
	g_ptr_array_unref(self->held);
	g_ptr_array_unref(self->read);
	g_ptr_array_unref(self->shown);
	g_free(self->kind);
	g_free(self->typed);
	g_clear_error(&self->error);
	G_OBJECT_CLASS(lk_trail_list_parent_class)->finalize(object);
}

static void lk_trail_list_class_init(LkTrailListClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);

	object_class->get_property = lk_trail_list_get_property;
	object_class->dispose = lk_trail_list_dispose;
	object_class->finalize = lk_trail_list_finalize;
	state_property = g_param_spec_boolean("state", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
	g_object_class_install_property(object_class, 1, state_property);
}

static void lk_trail_list_init(LkTrailList *self)
{
	self->early = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->held = g_ptr_array_new_with_free_func(g_object_unref);
	self->read = g_ptr_array_new_with_free_func(g_object_unref);
	self->shown = g_ptr_array_new_with_free_func(g_object_unref);
}

LkTrailList *lk_trail_list_new(LkSession *session)
{
	LkTrailList *self = g_object_new(LK_TYPE_TRAIL_LIST, NULL);

	self->session = g_object_ref(session);
	return self;
}

/* Tomorrow comes first: of a server whose clock is before this one's. */
void lk_trail_list_read(LkTrailList *self, time_t since)
{
	abandon(self);
	forget_cookie(self);
	g_clear_error(&self->error);
	g_ptr_array_set_size(self->held, 0);
	g_hash_table_remove_all(self->early);
	self->before_days = TRUE;
	self->since = since;
	self->day = lk_trail_day_begin(time(NULL)) + DAY;
	self->fresh = TRUE;
	self->cut = FALSE;
	fetch(self);
	notify_state(self);
}

void lk_trail_list_narrow(LkTrailList *self, const char *kind, const char *typed)
{
	g_free(self->kind);
	self->kind = g_strdup(kind);
	g_free(self->typed);
	self->typed = g_strdup(typed);
	show(self);
	notify_state(self);
}

gboolean lk_trail_list_get_busy(LkTrailList *self)
{
	return self->pending != NULL;
}

gboolean lk_trail_list_get_cut(LkTrailList *self)
{
	return self->cut;
}

const GError *lk_trail_list_get_error(LkTrailList *self)
{
	return self->error;
}
