#include "bulk-item.h"

#include <glib/gi18n.h>

#include "text.h"
#include "words.h"

struct _LkBulkItem {
	GObject parent_instance;

	char *given;
	struct lk_person *person;
	struct lk_person *before;
	enum lk_bulk_state state;
	gboolean busy;
	char *why; /* or NULL */
	struct lk_secret *password;
	time_t expires;
	gboolean code; /* was mailed in place of a password */
	gboolean revealed;
};

G_DEFINE_FINAL_TYPE(LkBulkItem, lk_bulk_item, G_TYPE_OBJECT)

enum {
	PROP_GIVEN = 1,
	PROP_NAME,
	PROP_LOGIN,
	PROP_APART,
	PROP_RESULT,
	PROP_PASSWORD,
	N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* -- Words -- */

static char *describe_done(LkBulkItem *self)
{
	g_autofree char *until = self->expires == 0 ? NULL : lk_text_time_short(self->expires);

	if (until != NULL && self->code)
		return lk_text_fill(_("A code was mailed; it works until {time}"), "time", until, NULL);
	if (until != NULL)
		return lk_text_fill(_("Was reset; the new password works until {time}"), "time", until, NULL);
	return g_strdup(_("Was reset"));
}

static char *describe(LkBulkItem *self)
{
	static const char *const words[LK_BULK_STATES] = {
		[LK_BULK_BARRED] = "",
		[LK_BULK_WAITING] = N_("Will be reset"),
		[LK_BULK_FAILED] = N_("Was not reset"),
		[LK_BULK_UNSURE] = N_("No answer came; whether it was done is being checked"),
		[LK_BULK_FOUND] = N_("Was reset, as the account shows; the answer with the password was lost"),
		[LK_BULK_MISSED] = N_("No answer came, and the account does not show that it was done"),
		[LK_BULK_LEFT] = N_("Was not begun"),
	};

	if (self->why != NULL)
		return g_strdup(self->why);
	if (self->state == LK_BULK_DONE)
		return describe_done(self);
	if (self->busy && self->state == LK_BULK_WAITING)
		return g_strdup(_("Is being reset…"));
	return g_strdup(*words[self->state] == '\0' ? "" : _(words[self->state]));
}

static char *copy_password(LkBulkItem *self)
{
	if (!self->revealed || self->password == NULL)
		return g_strdup("");
	char *copy = g_strdup(lk_secret_open(self->password, NULL));
	lk_secret_close(self->password);
	return copy;
}

static char *say(LkBulkItem *self, guint id)
{
	const struct lk_person *person = self->person;

	switch (id) {
	case PROP_GIVEN:
		return lk_text_clean(self->given);
	case PROP_NAME:
		return person == NULL ? g_strdup("") : lk_text_clean(lk_person_name(person));
	case PROP_LOGIN:
		return lk_text_clean(person == NULL ? self->given : person->account->login);
	case PROP_APART:
		return person == NULL ? g_strdup("") : lk_words_apart(person);
	case PROP_RESULT:
		return describe(self);
	default:
		return copy_password(self);
	}
}

/* -- The class -- */

static void lk_bulk_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	(void)spec;
	g_value_take_string(value, say(LK_BULK_ITEM(object), id));
}

static void lk_bulk_item_finalize(GObject *object)
{
	LkBulkItem *self = LK_BULK_ITEM(object);

	lk_secret_free(self->password);
	lk_person_free(self->before);
	lk_person_free(self->person);
	g_free(self->given);
	g_free(self->why);
	G_OBJECT_CLASS(lk_bulk_item_parent_class)->finalize(object);
}

static void lk_bulk_item_class_init(LkBulkItemClass *class)
{
	static const char *const names[] = {NULL, "given", "name", "login", "apart", "result", "password"};
	GObjectClass *object_class = G_OBJECT_CLASS(class);

	object_class->get_property = lk_bulk_item_get_property;
	object_class->finalize = lk_bulk_item_finalize;
	for (guint id = 1; id < N_PROPS; id++)
		properties[id] = g_param_spec_string(names[id], NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
	g_object_class_install_properties(object_class, N_PROPS, properties);
}

static void lk_bulk_item_init(LkBulkItem *self)
{
	self->state = LK_BULK_WAITING;
}

LkBulkItem *lk_bulk_item_new(const char *given, struct lk_person *person)
{
	LkBulkItem *self = g_object_new(LK_TYPE_BULK_ITEM, NULL);

	self->given = g_strdup(given);
	self->person = person;
	return self;
}

const char *lk_bulk_item_get_given(LkBulkItem *self)
{
	return self->given;
}

const struct lk_person *lk_bulk_item_get_person(LkBulkItem *self)
{
	return self->person;
}

const struct lk_person *lk_bulk_item_get_before(LkBulkItem *self)
{
	return self->before;
}

void lk_bulk_item_set_before(LkBulkItem *self, struct lk_person *person)
{
	lk_person_free(self->before);
	self->before = person;
}

void lk_bulk_item_set_state(LkBulkItem *self, enum lk_bulk_state state, gboolean busy, const char *why)
{
	char *copy = g_strdup(why);

	g_free(self->why);
	self->why = copy;
	self->state = state;
	self->busy = busy;
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_RESULT]);
}

enum lk_bulk_state lk_bulk_item_get_state(LkBulkItem *self)
{
	return self->state;
}

void lk_bulk_item_take_result(LkBulkItem *self, struct lk_reset_result *result)
{
	lk_secret_free(self->password);
	self->password = lk_secret_new(result->password);
	self->expires = result->expires;
	self->code = result->code;
	lk_client_reset_result_free(result);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_PASSWORD]);
}

struct lk_secret *lk_bulk_item_get_password(LkBulkItem *self)
{
	return self->password;
}

time_t lk_bulk_item_get_expires(LkBulkItem *self)
{
	return self->expires;
}

void lk_bulk_item_set_revealed(LkBulkItem *self, gboolean revealed)
{
	self->revealed = revealed;
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_PASSWORD]);
}

const char *lk_bulk_item_get_verdict(LkBulkItem *self)
{
	switch (self->state) {
	case LK_BULK_DONE:
	case LK_BULK_FOUND:
		return _("yes");
	case LK_BULK_UNSURE:
	case LK_BULK_MISSED:
		return _("unknown");
	default:
		return _("no");
	}
}
