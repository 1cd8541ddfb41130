#include "idle.h"

struct lk_idle {
	guint seconds;
	void (*idle)(void *data);
	void *data;
	GListModel *windows;
	gulong handler; /* of windows that come */
	GPtrArray *controllers; /* weakly held by their windows: removed with this */
	guint timer;
	gint64 touched; /* microseconds */
};

static gboolean time_cb(gpointer data)
{
	struct lk_idle *idle = data;
	gint64 left = idle->touched + idle->seconds * G_USEC_PER_SEC - g_get_monotonic_time();

	if (left > 0) {
		idle->timer = g_timeout_add((guint)(left / 1000) + 1, time_cb, idle);
		return G_SOURCE_REMOVE;
	}
	idle->touched = g_get_monotonic_time();
	idle->timer = g_timeout_add_seconds(idle->seconds, time_cb, idle);
	idle->idle(idle->data);
	return G_SOURCE_REMOVE;
}

static gboolean event_cb(GtkEventController *controller, GdkEvent *event, struct lk_idle *idle)
{
	(void)controller;
	switch (gdk_event_get_event_type(event)) {
	case GDK_KEY_PRESS:
	case GDK_BUTTON_PRESS:
	case GDK_MOTION_NOTIFY:
	case GDK_SCROLL:
	case GDK_TOUCH_BEGIN:
		idle->touched = g_get_monotonic_time();
		break;
	default:
		break;
	}
	return GDK_EVENT_PROPAGATE;
}

static void watch(struct lk_idle *idle, GtkWidget *window)
{
	GtkEventController *controller = gtk_event_controller_legacy_new();

	gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_CAPTURE);
	g_signal_connect(controller, "event", G_CALLBACK(event_cb), idle);
	g_ptr_array_add(idle->controllers, g_object_ref(controller));
	gtk_widget_add_controller(window, controller);
}

static void windows_cb(GListModel *windows, guint position, guint removed, guint added, struct lk_idle *idle)
{
	(void)removed;
	for (guint i = position; i < position + added; i++) {
		GtkWidget *window = g_list_model_get_item(windows, i);
		watch(idle, window);
		g_object_unref(window);
	}
}

struct lk_idle *lk_idle_new(guint seconds, void (*callback)(void *data), void *data)
{
	struct lk_idle *idle = g_new0(struct lk_idle, 1);

	*idle = (struct lk_idle){.seconds = seconds, .idle = callback, .data = data};
	idle->controllers = g_ptr_array_new_with_free_func(g_object_unref);
	if (seconds == 0)
		return idle;
	idle->touched = g_get_monotonic_time();
	idle->windows = gtk_window_get_toplevels();
	idle->handler = g_signal_connect(idle->windows, "items-changed", G_CALLBACK(windows_cb), idle);
	windows_cb(idle->windows, 0, 0, g_list_model_get_n_items(idle->windows), idle);
	idle->timer = g_timeout_add_seconds(seconds, time_cb, idle);
	return idle;
}

void lk_idle_touch(struct lk_idle *idle)
{
	if (idle != NULL)
		idle->touched = g_get_monotonic_time();
}

void lk_idle_free(struct lk_idle *idle)
{
	if (idle == NULL)
		return;
	g_clear_handle_id(&idle->timer, g_source_remove);
	if (idle->windows != NULL)
		g_signal_handler_disconnect(idle->windows, idle->handler);
	for (guint i = 0; i < idle->controllers->len; i++)
		g_signal_handlers_disconnect_by_data(idle->controllers->pdata[i], idle);
	g_ptr_array_unref(idle->controllers);
	g_free(idle);
}
