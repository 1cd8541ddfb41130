#include "session.h"

#include "roles.h"
#include "session-recovery.h"

struct _LkSession {
	GObject parent_instance;

	struct lk_worker *worker;
	struct lk_profile *profile;
	char *dn;
	char *base;
	unsigned roles;
	struct lk_sign_in said;
};

G_DEFINE_FINAL_TYPE(LkSession, lk_session, G_TYPE_OBJECT)

/* What the worker found out about who signed in. */
struct identity {
	char *dn;
	char *base;
	unsigned roles;
	struct lk_sign_in said;
};

static void identity_free(gpointer data)
{
	struct identity *identity = data;

	g_free(identity->dn);
	g_free(identity->base);
	g_free(identity);
}

/* The worker has signed in before it comes here. Who has to change the password may not ask for anything else. */
static int identify(struct lk_connection *connection, GTask *task)
{
	unsigned roles = 0;
	int rc =
		connection->said.must_change ? LDAP_SUCCESS : lk_roles_find(connection, g_task_get_cancellable(task), &roles);
	if (rc != LDAP_SUCCESS)
		return rc;

	struct identity *identity = g_new0(struct identity, 1);
	identity->dn = g_strdup(connection->dn);
	identity->base = g_strdup(connection->base);
	identity->roles = roles;
	identity->said = connection->said;
	g_task_return_pointer(task, identity, identity_free);
	return LDAP_SUCCESS;
}

static void lk_session_finalize(GObject *object)
{
	LkSession *self = LK_SESSION(object);

	lk_worker_end(self->worker);
	lk_profile_free(self->profile);
	g_free(self->dn);
	g_free(self->base);
	G_OBJECT_CLASS(lk_session_parent_class)->finalize(object);
}

static void lk_session_class_init(LkSessionClass *class)
{
	G_OBJECT_CLASS(class)->finalize = lk_session_finalize;
}

static void lk_session_init(LkSession *self)
{
	self->said = (struct lk_sign_in){.grace = -1, .expires_in = -1};
}

LkSession *lk_session_new(const struct lk_profile *profile, const char *user, struct lk_secret *password)
{
	LkSession *self = g_object_new(LK_TYPE_SESSION, NULL);

	self->profile = lk_profile_copy(profile);
	self->worker = lk_worker_new(lk_connection_new(profile, user, password));
	return self;
}

LkSession *lk_session_new_for_nobody(const struct lk_profile *profile)
{
	LkSession *self = g_object_new(LK_TYPE_SESSION, NULL);
	struct lk_connection *connection = lk_connection_new(profile, "", NULL);

	connection->anonymous = true;
	self->profile = lk_profile_copy(profile);
	self->worker = lk_worker_new(connection);
	return self;
}

void lk_session_push(LkSession *self, const struct lk_job *job, GTask *task)
{
	lk_worker_push(self->worker, job, task);
}

void lk_session_sign_in_async(
	LkSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	static const struct lk_job job = {identify, LK_STEP_SIGN_IN, true};

	lk_session_push(self, &job, g_task_new(self, cancellable, callback, user_data));
}

gboolean lk_session_sign_in_finish(LkSession *self, GAsyncResult *result, GError **error)
{
	struct identity *identity = g_task_propagate_pointer(G_TASK(result), error);
	if (identity == NULL)
		return FALSE;

	g_free(self->dn);
	g_free(self->base);
	self->dn = g_steal_pointer(&identity->dn);
	self->base = g_steal_pointer(&identity->base);
	self->roles = identity->roles;
	self->said = identity->said;
	identity_free(identity);
	return TRUE;
}

const struct lk_profile *lk_session_get_profile(LkSession *self)
{
	return self->profile;
}

const char *lk_session_get_dn(LkSession *self)
{
	return self->dn;
}

const char *lk_session_get_base(LkSession *self)
{
	return self->base;
}

unsigned lk_session_get_roles(LkSession *self)
{
	return self->roles;
}

const struct lk_sign_in *lk_session_get_said(LkSession *self)
{
	return &self->said;
}
