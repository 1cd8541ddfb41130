#include "recovery-view.h"

#include "idle.h"
#include "keyring.h"
#include "recovery-choice.h"
#include "recovery-code.h"
#include "recovery-done.h"
#include "recovery-password.h"
#include "recovery-who.h"
#include "session-recovery.h"

enum step { WHO, CODE, CHOICE, PASSWORD, DONE };

struct _LkRecoveryView {
	AdwBin parent_instance;

	AdwHeaderBar *header;
	GtkWidget *back;
	GtkWidget *cancel;
	GtkSpinner *spinner;
	GtkStack *stack;
	LkRecoveryWho *who;
	LkRecoveryCode *code;
	LkRecoveryChoice *choice;
	LkRecoveryPassword *password;
	LkRecoveryDone *done;

	LkSession *session;
	struct lk_profile *profile;
	enum step step;
	gboolean kiosk;
	char *user;
	struct lk_secret *new_password; /* being set, then to sign in with; NULL: the old one is kept */
	GCancellable *pending; /* NULL where nothing is awaited */
	struct lk_idle *idle; /* begins anew; NULL but in a kiosk */
};

G_DEFINE_FINAL_TYPE(LkRecoveryView, lk_recovery_view, ADW_TYPE_BIN)

enum { LEFT, SIGN_IN, SIGNALS };
static guint signals[SIGNALS];

/* -- Steps -- */

static GtkWidget *page_of(LkRecoveryView *self, enum step step)
{
	GtkWidget *pages[] = {
		[WHO] = GTK_WIDGET(self->who),
		[CODE] = GTK_WIDGET(self->code),
		[CHOICE] = GTK_WIDGET(self->choice),
		[PASSWORD] = GTK_WIDGET(self->password),
		[DONE] = GTK_WIDGET(self->done),
	};

	return pages[step];
}

/* What was typed stays where it was typed. */
static void go_to(LkRecoveryView *self, enum step step)
{
	self->step = step;
	/* What an input method types is no event of a key, so each step counts too. */
	lk_idle_touch(self->idle);
	gtk_stack_set_visible_child(self->stack, page_of(self, step));
	gtk_widget_set_visible(self->back, step != WHO && step != DONE);
	gtk_widget_set_visible(self->cancel, step != DONE && !(self->kiosk && step == WHO));
	gtk_widget_grab_focus(page_of(self, step));
}

static void say(LkRecoveryView *self, enum step step, const char *sentence)
{
	switch (step) {
	case WHO:
		lk_recovery_who_say(self->who, sentence);
		break;
	case CODE:
		lk_recovery_code_say(self->code, sentence);
		break;
	case CHOICE:
		lk_recovery_choice_say(self->choice, sentence);
		break;
	case PASSWORD:
		lk_recovery_password_say(self->password, sentence);
		break;
	case DONE:
		break;
	}
}

static void say_nothing(LkRecoveryView *self)
{
	for (enum step step = WHO; step < DONE; step++)
		say(self, step, NULL);
}

static void set_busy(LkRecoveryView *self, gboolean busy)
{
	if (busy)
		self->pending = g_cancellable_new();
	else
		g_clear_object(&self->pending);
	gtk_spinner_set_spinning(self->spinner, busy);
	gtk_widget_set_sensitive(GTK_WIDGET(self->code), !busy);
	gtk_widget_set_sensitive(GTK_WIDGET(self->choice), !busy);
	/* Nobody knows what became of a recovery before the answer is there. */
	gtk_widget_set_sensitive(self->back, !busy);
	gtk_widget_set_sensitive(self->cancel, !busy || self->step == WHO);
	lk_recovery_who_set_busy(self->who, busy);
	lk_recovery_password_set_busy(self->password, busy);
}

static void forget(LkRecoveryView *self)
{
	lk_recovery_code_clear(self->code);
	lk_recovery_password_clear(self->password);
	g_clear_pointer(&self->new_password, lk_secret_free);
	say_nothing(self);
}

static void begin_anew(LkRecoveryView *self)
{
	forget(self);
	lk_recovery_who_set_user(self->who, "");
	go_to(self, WHO);
}

/* Not while an answer is awaited: it is looked at, at least. */
static void idle_cb(void *data)
{
	LkRecoveryView *self = data;

	if (self->pending == NULL)
		begin_anew(self);
}

/* -- Asking for a code -- */

static void requested_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkRecoveryView) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_request_code_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	set_busy(self, FALSE);
	if (!done) {
		say(self, self->step, error->message);
		return;
	}
	lk_recovery_code_set_user(self->code, self->user, TRUE);
	go_to(self, CODE);
}

static void request(LkRecoveryView *self)
{
	if (self->pending != NULL)
		return;
	say_nothing(self);
	set_busy(self, TRUE);
	lk_session_request_code_async(self->session, self->user, self->pending, requested_cb, g_object_ref(self));
}

static void take_user(LkRecoveryView *self)
{
	g_free(self->user);
	self->user = lk_recovery_who_get_user(self->who);
	lk_recovery_password_set_user(self->password, self->user);
}

static void request_cb(LkRecoveryView *self)
{
	take_user(self);
	request(self);
}

static void have_code_cb(LkRecoveryView *self)
{
	take_user(self);
	say_nothing(self);
	lk_recovery_code_set_user(self->code, self->user, FALSE);
	go_to(self, CODE);
}

/* -- Recovering -- */

static void show_done(LkRecoveryView *self)
{
	gboolean changed = self->new_password != NULL;

	lk_recovery_code_clear(self->code);
	lk_recovery_password_clear(self->password);
	lk_recovery_done_tell(self->done, changed);
	/* What the keyring has is no longer the password. People have several names, so theirs need not be the one that was
	 * remembered: it costs less to type a password once more than to be counted as failing with an old one. */
	if (changed && self->profile->remember)
		lk_keyring_forget(self->profile);
	if (self->kiosk)
		g_clear_pointer(&self->new_password, lk_secret_free);
	go_to(self, DONE);
}

/* Back to where it can be mended: a code that was not accepted at the code, the rest where one is. */
static void show_failure(LkRecoveryView *self, const GError *error)
{
	enum step step = self->step;

	if (g_error_matches(error, LK_ERROR, LDAP_INVALID_CREDENTIALS))
		step = CODE;
	lk_recovery_password_clear(self->password);
	g_clear_pointer(&self->new_password, lk_secret_free);
	say(self, step, error->message);
	go_to(self, step);
}

static void recovered_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkRecoveryView) self = user_data;
	g_autoptr(GError) error = NULL;
	gboolean done = lk_session_recover_finish(LK_SESSION(source), result, &error);

	if (self->pending == NULL)
		return;
	set_busy(self, FALSE);
	if (done)
		show_done(self);
	else
		show_failure(self, error);
}

static struct lk_secret *copy_secret(struct lk_secret *secret)
{
	if (secret == NULL)
		return NULL;
	struct lk_secret *copy = lk_secret_new(lk_secret_open(secret, NULL));
	lk_secret_close(secret);
	return copy;
}

static void recover(LkRecoveryView *self)
{
	struct lk_recovery *recovery = g_new0(struct lk_recovery, 1);

	*recovery = (struct lk_recovery){.user = g_strdup(self->user),
		.code = lk_recovery_code_get_first(self->code),
		.second = lk_recovery_code_get_second(self->code),
		.new_password = copy_secret(self->new_password)};
	say_nothing(self);
	set_busy(self, TRUE);
	lk_session_recover_async(self->session, recovery, NULL, recovered_cb, g_object_ref(self));
}

static void keep_cb(LkRecoveryView *self)
{
	g_clear_pointer(&self->new_password, lk_secret_free);
	recover(self);
}

static void set_cb(LkRecoveryView *self)
{
	g_clear_pointer(&self->new_password, lk_secret_free);
	self->new_password = lk_recovery_password_get(self->password);
	if (self->new_password != NULL)
		recover(self);
}

/* -- Other callbacks -- */

static void rules_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(LkRecoveryView) self = user_data;
	g_autofree struct lk_rules *rules = lk_session_read_rules_finish(LK_SESSION(source), result, NULL);

	if (self->session != NULL)
		lk_recovery_password_set_rules(self->password, rules);
}

static void create_cb(LkRecoveryView *self)
{
	lk_session_read_rules_async(self->session, NULL, rules_cb, g_object_ref(self));
	go_to(self, PASSWORD);
}

static void go_on_cb(LkRecoveryView *self)
{
	say_nothing(self);
	go_to(self, CHOICE);
}

static void back_cb(LkRecoveryView *self)
{
	if (self->pending == NULL && self->step > WHO && self->step < DONE)
		go_to(self, (enum step)(self->step - 1));
}

static void cancel_cb(LkRecoveryView *self)
{
	if (!gtk_widget_get_sensitive(self->cancel) || self->step == DONE)
		return;
	g_cancellable_cancel(self->pending);
	if (self->pending != NULL)
		set_busy(self, FALSE);
	if (self->kiosk) {
		begin_anew(self);
		return;
	}
	forget(self);
	g_signal_emit(self, signals[LEFT], 0);
}

static void sign_in_cb(LkRecoveryView *self)
{
	g_signal_emit(self, signals[SIGN_IN], 0);
}

/* -- Overrides -- */

static gboolean lk_recovery_view_grab_focus(GtkWidget *widget)
{
	go_to(LK_RECOVERY_VIEW(widget), LK_RECOVERY_VIEW(widget)->step);
	return TRUE;
}

static void lk_recovery_view_dispose(GObject *object)
{
	LkRecoveryView *self = LK_RECOVERY_VIEW(object);

	g_clear_pointer(&self->idle, lk_idle_free);
	g_cancellable_cancel(self->pending);
	g_clear_object(&self->pending);
	g_clear_object(&self->session);
	g_clear_pointer(&self->new_password, lk_secret_free);
	g_clear_pointer(&self->profile, lk_profile_free);
	g_clear_pointer(&self->user, g_free);
	G_OBJECT_CLASS(lk_recovery_view_parent_class)->dispose(object);
}

static void bind_children(GtkWidgetClass *widget_class)
{
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, header);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, back);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, cancel);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, spinner);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, stack);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, who);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, code);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, choice);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, password);
	gtk_widget_class_bind_template_child(widget_class, LkRecoveryView, done);
}

static void bind_callbacks(GtkWidgetClass *widget_class)
{
	gtk_widget_class_bind_template_callback(widget_class, back_cb);
	gtk_widget_class_bind_template_callback(widget_class, cancel_cb);
	gtk_widget_class_bind_template_callback(widget_class, request_cb);
	gtk_widget_class_bind_template_callback(widget_class, have_code_cb);
	gtk_widget_class_bind_template_callback(widget_class, go_on_cb);
	gtk_widget_class_bind_template_callback(widget_class, request);
	gtk_widget_class_bind_template_callback(widget_class, keep_cb);
	gtk_widget_class_bind_template_callback(widget_class, create_cb);
	gtk_widget_class_bind_template_callback(widget_class, set_cb);
	gtk_widget_class_bind_template_callback(widget_class, sign_in_cb);
	gtk_widget_class_bind_template_callback(widget_class, begin_anew);
}

static gboolean back_binding(GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
	(void)arguments, (void)user_data;
	back_cb(LK_RECOVERY_VIEW(widget));
	return TRUE;
}

static gboolean cancel_binding(GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
	(void)arguments, (void)user_data;
	cancel_cb(LK_RECOVERY_VIEW(widget));
	return TRUE;
}

static void lk_recovery_view_class_init(LkRecoveryViewClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
	GType type = G_TYPE_FROM_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = lk_recovery_view_dispose;
	widget_class->grab_focus = lk_recovery_view_grab_focus;
	signals[LEFT] = g_signal_new("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	signals[SIGN_IN] = g_signal_new("sign-in", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	g_type_ensure(LK_TYPE_RECOVERY_PASSWORD);
	g_type_ensure(LK_TYPE_RECOVERY_WHO);
	g_type_ensure(LK_TYPE_RECOVERY_CHOICE);
	g_type_ensure(LK_TYPE_RECOVERY_CODE);
	g_type_ensure(LK_TYPE_RECOVERY_DONE);
	gtk_widget_class_set_template_from_resource(widget_class, LK_RESOURCES "/recovery-view.ui");
	bind_children(widget_class);
	bind_callbacks(widget_class);
	gtk_widget_class_add_binding(widget_class, GDK_KEY_Left, GDK_ALT_MASK, back_binding, NULL);
	gtk_widget_class_add_binding(widget_class, GDK_KEY_Escape, 0, cancel_binding, NULL);
}

static void lk_recovery_view_init(LkRecoveryView *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

LkRecoveryView *lk_recovery_view_new(const struct lk_profile *profile, const char *user, gboolean kiosk)
{
	LkRecoveryView *self = g_object_new(LK_TYPE_RECOVERY_VIEW, NULL);
	g_autoptr(GSettings) settings = g_settings_new(LK_APPLICATION_ID);

	self->profile = lk_profile_copy(profile);
	self->session = lk_session_new_for_nobody(profile);
	self->kiosk = kiosk;
	lk_recovery_who_set_user(self->who, user);
	lk_recovery_done_set_kiosk(self->done, kiosk);
	adw_header_bar_set_show_end_title_buttons(self->header, !kiosk);
	if (kiosk)
		self->idle = lk_idle_new(g_settings_get_uint(settings, "kiosk-seconds"), idle_cb, self);
	return self;
}

const char *lk_recovery_view_get_user(LkRecoveryView *self)
{
	return self->user;
}

struct lk_secret *lk_recovery_view_steal_password(LkRecoveryView *self)
{
	return g_steal_pointer(&self->new_password);
}
