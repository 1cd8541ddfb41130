#include "matter.h"

struct _LkMatter {
	GObject parent_instance;

	LkUser *user;
	struct lk_matter matter;
	char *key;
};

G_DEFINE_FINAL_TYPE(LkMatter, lk_matter, G_TYPE_OBJECT)

static void lk_matter_finalize(GObject *object)
{
	LkMatter *self = LK_MATTER(object);

	g_object_unref(self->user);
	g_free(self->key);
	G_OBJECT_CLASS(lk_matter_parent_class)->finalize(object);
}

static void lk_matter_class_init(LkMatterClass *class)
{
	G_OBJECT_CLASS(class)->finalize = lk_matter_finalize;
}

static void lk_matter_init(LkMatter *self)
{
	(void)self;
}

LkMatter *lk_matter_new(LkUser *user, const struct lk_matter *matter)
{
	LkMatter *self = g_object_new(LK_TYPE_MATTER, NULL);
	const struct lk_account_message *message = matter->message;

	self->user = g_object_ref(user);
	self->matter = *matter;
	self->key = g_strdup_printf("%d %s %u %s %s", matter->kind, message == NULL ? "" : message->id,
		message == NULL ? 0 : message->tries, message == NULL ? "" : message->to,
		lk_user_get_person(user)->account->dn);
	return self;
}

LkUser *lk_matter_get_user(LkMatter *self)
{
	return self->user;
}

const struct lk_matter *lk_matter_get(LkMatter *self)
{
	return &self->matter;
}

const char *lk_matter_get_key(LkMatter *self)
{
	return self->key;
}
