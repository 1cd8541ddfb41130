#include "trail-item.h"

#include <string.h>

struct _LkTrailItem {
	GObject parent_instance;

	LkUser *user;
	size_t which;
};

G_DEFINE_FINAL_TYPE(LkTrailItem, lk_trail_item, G_TYPE_OBJECT)

static void lk_trail_item_finalize(GObject *object)
{
	g_object_unref(LK_TRAIL_ITEM(object)->user);
	G_OBJECT_CLASS(lk_trail_item_parent_class)->finalize(object);
}

static void lk_trail_item_class_init(LkTrailItemClass *class)
{
	G_OBJECT_CLASS(class)->finalize = lk_trail_item_finalize;
}

static void lk_trail_item_init(LkTrailItem *self)
{
	(void)self;
}

LkTrailItem *lk_trail_item_new(LkUser *user, size_t which)
{
	LkTrailItem *self = g_object_new(LK_TYPE_TRAIL_ITEM, NULL);

	self->user = g_object_ref(user);
	self->which = which;
	return self;
}

const struct lk_person *lk_trail_item_get_person(LkTrailItem *self)
{
	return lk_user_get_person(self->user);
}

const struct lk_account_event *lk_trail_item_get_event(LkTrailItem *self)
{
	return &lk_trail_item_get_person(self)->account->events[self->which];
}

/* Within a second by name, so that the order is at least the same each time. */
int lk_trail_item_compare(gconstpointer a, gconstpointer b)
{
	LkTrailItem *one = *(LkTrailItem *const *)a, *other = *(LkTrailItem *const *)b;
	time_t when = lk_trail_item_get_event(one)->time, other_when = lk_trail_item_get_event(other)->time;

	if (when != other_when)
		return when > other_when ? -1 : 1;
	int order = strcmp(lk_trail_item_get_person(one)->account->dn, lk_trail_item_get_person(other)->account->dn);
	return order != 0 ? order : one->which < other->which ? -1 : one->which > other->which;
}
