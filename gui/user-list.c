#include "user-asking.h"

/* A row so far down asks for the next page before it is looked at. */
#define AHEAD 50

static void model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(
	LkUserList, lk_user_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

enum {
	PROP_BUSY = 1,
	PROP_COMPLETE,
	PROP_ERROR,
	N_PROPS,
};

static GParamSpec *properties[N_PROPS];

void lk_user_list_notify(LkUserList *self)
{
	for (guint id = 1; id < N_PROPS; id++)
		g_object_notify_by_pspec(G_OBJECT(self), properties[id]);
}

/* -- The model -- */

static GType get_item_type(GListModel *model)
{
	(void)model;
	return LK_TYPE_USER;
}

static guint get_n_items(GListModel *model)
{
	return lk_rows_count(LK_USER_LIST(model)->rows);
}

static gpointer get_item(GListModel *model, guint position)
{
	LkUserList *self = LK_USER_LIST(model);
	guint count = lk_rows_count(self->rows);

	if (position >= count)
		return NULL;
	LkUser *user = lk_rows_get(self->rows, position);
	self->hungry = self->hungry || position + AHEAD >= count;
	if (!lk_user_is_settled(user) || (self->hungry && !self->paging.complete))
		lk_asking_wish(self);
	return g_object_ref(user);
}

static void model_init(GListModelInterface *interface)
{
	interface->get_item_type = get_item_type;
	interface->get_n_items = get_n_items;
	interface->get_item = get_item;
}

static void lk_user_list_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	LkUserList *self = LK_USER_LIST(object);

	switch (id) {
	case PROP_BUSY:
		g_value_set_boolean(value, lk_user_list_get_busy(self));
		break;
	case PROP_COMPLETE:
		g_value_set_boolean(value, self->paging.complete);
		break;
	case PROP_ERROR:
		g_value_set_boxed(value, self->error);
		break;
	default:
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
	}
}

static void lk_user_list_dispose(GObject *object)
{
	LkUserList *self = LK_USER_LIST(object);

	g_clear_handle_id(&self->watch, g_source_remove);
	lk_asking_abandon(self);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_user_list_parent_class)->dispose(object);
}

static void lk_user_list_finalize(GObject *object)
{
	LkUserList *self = LK_USER_LIST(object);

	lk_paging_clear(&self->paging);
	lk_rows_free(self->rows);
	g_clear_error(&self->error);
	G_OBJECT_CLASS(lk_user_list_parent_class)->finalize(object);
}

static void lk_user_list_class_init(LkUserListClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

	object_class->get_property = lk_user_list_get_property;
	object_class->dispose = lk_user_list_dispose;
	object_class->finalize = lk_user_list_finalize;
	properties[PROP_BUSY] = g_param_spec_boolean("busy", NULL, NULL, FALSE, flags);
	properties[PROP_COMPLETE] = g_param_spec_boolean("complete", NULL, NULL, FALSE, flags);
	properties[PROP_ERROR] = g_param_spec_boxed("error", NULL, NULL, G_TYPE_ERROR, flags);
	g_object_class_install_properties(object_class, N_PROPS, properties);
}

static void lk_user_list_init(LkUserList *self)
{
	self->rows = lk_rows_new();
}

/* -- Public -- */

LkUserList *lk_user_list_new(LkSession *session)
{
	LkUserList *self = g_object_new(LK_TYPE_USER_LIST, NULL);

	self->session = g_object_ref(session);
	return self;
}

static void begin_anew(LkUserList *self)
{
	lk_asking_abandon(self);
	g_clear_error(&self->error);
	lk_asking_fetch(self, LK_ASK_FIRST);
	lk_user_list_notify(self);
}

void lk_user_list_search(LkUserList *self, const char *typed, enum lk_filter_state state, const char *base)
{
	if (lk_paging_is_for(&self->paging, typed, state, base) && self->error == NULL)
		return;
	lk_paging_search(&self->paging, typed, state, base);
	self->fresh = TRUE;
	begin_anew(self);
}

/* What has been added to a long list is at its end: that is read when one comes there. */
static void refresh_shown(LkUserList *self)
{
	lk_rows_forget(self->rows);
	if (self->paging.complete)
		lk_paging_forget_cookie(&self->paging);
	self->paging.complete = FALSE;
	lk_asking_look(self);
}

void lk_user_list_refresh(LkUserList *self)
{
	guint count = lk_rows_count(self->rows);

	if (count == 0 || self->fresh) {
		begin_anew(self);
		return;
	}
	lk_asking_abandon(self);
	g_clear_error(&self->error);
	if (count > LK_PAGING_MOST_ANEW)
		refresh_shown(self);
	else
		lk_asking_fetch(self, LK_ASK_ANEW);
	lk_user_list_notify(self);
}

LkUser *lk_user_list_peek(LkUserList *self, guint position)
{
	return position < lk_rows_count(self->rows) ? lk_rows_peek(self->rows, position) : NULL;
}

void lk_user_list_sort(LkUserList *self, const char *column, gboolean descending)
{
	if (lk_paging_sort(&self->paging, column, descending))
		begin_anew(self);
}

gboolean lk_user_list_is_sorted(LkUserList *self)
{
	return self->paging.sorted;
}

gboolean lk_user_list_get_complete(LkUserList *self)
{
	return self->paging.complete;
}

gboolean lk_user_list_is_limited(LkUserList *self)
{
	return self->paging.limited;
}

const GError *lk_user_list_get_error(LkUserList *self)
{
	return self->error;
}
