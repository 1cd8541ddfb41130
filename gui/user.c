#include "user.h"

#include <glib/gi18n.h>
#include <string.h>

#include "text.h"
#include "words.h"

struct _LkUser {
	GObject parent_instance;

	struct lk_person *person;
	unsigned char uuid[LK_UUID_SIZE];
	gboolean gone;
};

G_DEFINE_FINAL_TYPE(LkUser, lk_user, G_TYPE_OBJECT)

enum {
	PROP_NAME = 1,
	PROP_LOGIN,
	PROP_MAIL,
	PROP_DEPARTMENT,
	PROP_TITLE,
	PROP_NUMBER,
	PROP_ROLE,
	PROP_STATE,
	PROP_LAST_SIGN_IN,
	PROP_LAST_MESSAGE,
	N_PROPS,
};

const char *const lk_user_columns[] = {
	"name", "login", "mail", "department", "title", "number", "role", "state", "last-sign-in", "last-message", NULL};

static GParamSpec *properties[N_PROPS];

static char *describe(const struct lk_person *person, guint id)
{
	if (person == NULL)
		return g_strdup("");
	switch (id) {
	case PROP_NAME:
		return lk_text_clean(lk_person_name(person));
	case PROP_LOGIN:
		return lk_text_clean(person->account->login);
	case PROP_MAIL:
		return g_strdup(person->mail);
	case PROP_DEPARTMENT:
		return g_strdup(person->department);
	case PROP_TITLE:
		return g_strdup(person->title);
	case PROP_NUMBER:
		return g_strdup(person->number);
	case PROP_ROLE:
		return g_strdup(lk_words_role(person->role));
	case PROP_STATE:
		return g_strdup(lk_words_state(lk_person_state(person, time(NULL))));
	case PROP_LAST_SIGN_IN:
		return person->last_sign_in == 0 ? g_strdup("") : lk_text_time_short(person->last_sign_in);
	default:
		return lk_words_last_message(person);
	}
}

static void lk_user_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	LkUser *self = LK_USER(object);

	(void)spec;
	if (self->gone && id == PROP_STATE)
		g_value_set_string(value, _("Deleted"));
	else
		g_value_take_string(value, describe(self->person, id));
}

static void lk_user_finalize(GObject *object)
{
	LkUser *self = LK_USER(object);

	lk_person_free(self->person);
	G_OBJECT_CLASS(lk_user_parent_class)->finalize(object);
}

static void lk_user_class_init(LkUserClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);

	object_class->get_property = lk_user_get_property;
	object_class->finalize = lk_user_finalize;
	for (guint id = 1; id < N_PROPS; id++)
		properties[id] =
			g_param_spec_string(lk_user_columns[id - 1], NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
	g_object_class_install_properties(object_class, N_PROPS, properties);
}

static void lk_user_init(LkUser *self)
{
	(void)self;
}

LkUser *lk_user_new(void)
{
	return g_object_new(LK_TYPE_USER, NULL);
}

LkUser *lk_user_new_for(const unsigned char *uuid)
{
	LkUser *self = lk_user_new();

	memcpy(self->uuid, uuid, LK_UUID_SIZE);
	return self;
}

const unsigned char *lk_user_get_uuid(LkUser *self)
{
	return self->uuid;
}

/* Most rows are read before anybody looks at them: then there is nothing to compare. */
static gboolean is_changed(const struct lk_person *before, const struct lk_person *after, guint id)
{
	if (before == NULL)
		return TRUE;
	char *old = describe(before, id), *new = describe(after, id);
	gboolean changed = strcmp(old, new) != 0;

	g_free(old);
	g_free(new);
	return changed;
}

void lk_user_take_person(LkUser *self, struct lk_person *person)
{
	struct lk_person *before = self->person;
	gboolean returned = self->gone;

	self->person = person;
	self->gone = FALSE;
	memcpy(self->uuid, person->uuid, LK_UUID_SIZE);
	for (guint id = 1; id < N_PROPS; id++) {
		if ((returned && id == PROP_STATE) || is_changed(before, person, id))
			g_object_notify_by_pspec(G_OBJECT(self), properties[id]);
	}
	lk_person_free(before);
}

const struct lk_person *lk_user_get_person(LkUser *self)
{
	return self->person;
}

void lk_user_set_gone(LkUser *self)
{
	if (self->gone)
		return;
	self->gone = TRUE;
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_STATE]);
}

gboolean lk_user_is_settled(LkUser *self)
{
	return self->person != NULL || self->gone;
}
