#include "follow-ups.h"

#include <string.h>

/* Both are indexed (slapo-latchkey(5)); each look reads only who is in them. Who has a temporary password is in the
 * first. */
#define FILTER "(|(latchkeyDue=*)(latchkeyFailedMessage=*))"

#define LOOK_SECONDS 20
#define MOST_PEOPLE 500
#define MOST_MATTERS 8 /* of one account */

struct _LkFollowUps {
	GObject parent_instance;

	LkSession *session;
	GPtrArray *matters; /* of LkMatter */
	GCancellable *pending;
	guint timer;
	char *error;
	gboolean looked;
};

static void model_init(GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE(
	LkFollowUps, lk_follow_ups, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

static guint failed_signal, looked_signal;

static void add_person(GPtrArray *matters, struct lk_person *person)
{
	struct lk_matter found[MOST_MATTERS];
	size_t count = lk_matters_of(person, time(NULL), found, G_N_ELEMENTS(found));
	g_autoptr(LkUser) user = lk_user_new();

	lk_user_take_person(user, person);
	for (size_t i = 0; i < count; i++)
		g_ptr_array_add(matters, lk_matter_new(user, &found[i]));
}

static time_t age_of(LkMatter *matter)
{
	const struct lk_account_message *message = lk_matter_get(matter)->message;

	return message == NULL ? 0 : message->created;
}

static int compare(gconstpointer a, gconstpointer b)
{
	LkMatter *one = *(LkMatter *const *)a, *other = *(LkMatter *const *)b;
	enum lk_matter_kind kind = lk_matter_get(one)->kind, other_kind = lk_matter_get(other)->kind;

	if (kind != other_kind)
		return kind < other_kind ? -1 : 1;
	if (age_of(one) != age_of(other))
		return age_of(one) > age_of(other) ? -1 : 1;
	return strcmp(lk_matter_get_key(one), lk_matter_get_key(other));
}

static gboolean has_key(GPtrArray *matters, const char *key)
{
	for (guint i = 0; i < matters->len; i++) {
		if (g_str_equal(lk_matter_get_key(matters->pdata[i]), key))
			return TRUE;
	}
	return FALSE;
}

static gboolean are_alike(GPtrArray *one, GPtrArray *other)
{
	gboolean alike = one->len == other->len;

	for (guint i = 0; i < one->len && alike; i++)
		alike = g_str_equal(lk_matter_get_key(one->pdata[i]), lk_matter_get_key(other->pdata[i]));
	return alike;
}

/* What had failed before the first look is no news. */
static void tell_failed(LkFollowUps *self, GPtrArray *before)
{
	for (guint i = 0; i < self->matters->len && self->looked; i++) {
		LkMatter *matter = self->matters->pdata[i];
		if (lk_matter_get(matter)->kind == LK_MATTER_FAILED && !has_key(before, lk_matter_get_key(matter)))
			g_signal_emit(self, failed_signal, 0, matter);
	}
}

/* A list that says the same is left alone, so that whoever is at a row of it stays there. */
static void take_people(LkFollowUps *self, GPtrArray *people)
{
	GPtrArray *matters = g_ptr_array_new_with_free_func(g_object_unref);

	for (guint i = 0; i < people->len; i++) {
		add_person(matters, people->pdata[i]);
		people->pdata[i] = NULL;
	}
	g_ptr_array_sort(matters, compare);
	if (are_alike(matters, self->matters)) {
		g_ptr_array_unref(matters);
		return;
	}
	g_autoptr(GPtrArray) before = g_steal_pointer(&self->matters);
	self->matters = matters;
	g_list_model_items_changed(G_LIST_MODEL(self), 0, before->len, matters->len);
	tell_failed(self, before);
}

static gboolean time_cb(gpointer user_data)
{
	lk_follow_ups_refresh(user_data);
	return G_SOURCE_CONTINUE;
}

static void looked_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GError *error = NULL;
	struct lk_list_page *page = lk_session_list_finish(LK_SESSION(source), result, &error);
	LkFollowUps *self = user_data;

	/* Another look has taken its place, or SELF is gone. */
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	g_clear_object(&self->pending);
	g_clear_pointer(&self->error, g_free);
	if (page != NULL) {
		take_people(self, page->people);
		self->looked = TRUE;
	} else {
		self->error = g_strdup(error->message);
	}
	lk_list_page_free(page);
	g_clear_error(&error);
	g_signal_emit(self, looked_signal, 0);
}

static GType get_item_type(GListModel *model)
{
	(void)model;
	return LK_TYPE_MATTER;
}

static guint get_n_items(GListModel *model)
{
	return LK_FOLLOW_UPS(model)->matters->len;
}

static gpointer get_item(GListModel *model, guint position)
{
	LkFollowUps *self = LK_FOLLOW_UPS(model);

	return position < self->matters->len ? g_object_ref(self->matters->pdata[position]) : NULL;
}

static void model_init(GListModelInterface *interface)
{
	interface->get_item_type = get_item_type;
	interface->get_n_items = get_n_items;
	interface->get_item = get_item;
}

static void lk_follow_ups_dispose(GObject *object)
{
	LkFollowUps *self = LK_FOLLOW_UPS(object);

	g_clear_handle_id(&self->timer, g_source_remove);
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(lk_follow_ups_parent_class)->dispose(object);
}

static void lk_follow_ups_finalize(GObject *object)
{
	LkFollowUps *self = LK_FOLLOW_UPS(object);

	g_ptr_array_unref(self->matters);
	g_free(self->error);
	G_OBJECT_CLASS(lk_follow_ups_parent_class)->finalize(object);
}

static void lk_follow_ups_class_init(LkFollowUpsClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	GType type = G_TYPE_FROM_CLASS(class);

	object_class->dispose = lk_follow_ups_dispose;
	object_class->finalize = lk_follow_ups_finalize;
	failed_signal =
		g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, LK_TYPE_MATTER);
	looked_signal = g_signal_new("looked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void lk_follow_ups_init(LkFollowUps *self)
{
	self->matters = g_ptr_array_new_with_free_func(g_object_unref);
}

LkFollowUps *lk_follow_ups_new(LkSession *session)
{
	LkFollowUps *self = g_object_new(LK_TYPE_FOLLOW_UPS, NULL);

	self->session = g_object_ref(session);
	self->timer = g_timeout_add_seconds(LOOK_SECONDS, time_cb, self);
	lk_follow_ups_refresh(self);
	return self;
}

void lk_follow_ups_refresh(LkFollowUps *self)
{
	const struct lk_list_request request = {.filter = (char *)FILTER, .limit = MOST_PEOPLE};

	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	self->pending = g_cancellable_new();
	lk_session_list_async(self->session, &request, self->pending, looked_cb, self);
}

const char *lk_follow_ups_get_error(LkFollowUps *self)
{
	return self->error;
}

gboolean lk_follow_ups_has_looked(LkFollowUps *self)
{
	return self->looked;
}
