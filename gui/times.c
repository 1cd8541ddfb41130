#include "times.h"

#include <stdio.h>
#include <time.h>

static FILE *file; /* NULL: nobody measures */
static gint64 woken, busy_before; /* when the main loop last had something to do; 0 before */

static gint64 processor_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

void lk_times_note(const char *event, guint number)
{
	if (file != NULL)
		fprintf(file, "%" G_GINT64_FORMAT " %s %u %" G_GINT64_FORMAT "\n", g_get_monotonic_time(), event, number,
			processor_time());
}

/* What is between two waits is what keeps the windows from answering. */
static gint poll_cb(GPollFD *events, guint count, gint milliseconds)
{
	gint64 turn = g_get_monotonic_time() - woken;

	if (woken != 0 && turn > LK_TIMES_LEAST) {
		lk_times_note("turn", (guint)turn);
		lk_times_note("busy", (guint)(processor_time() - busy_before));
	}
	gint ready = g_poll(events, count, milliseconds);
	woken = g_get_monotonic_time();
	busy_before = processor_time();
	return ready;
}

void lk_times_begin(void)
{
	const char *path = g_getenv("LATCHKEY_TIMES");

	file = path == NULL ? NULL : fopen(path, "ae");
	if (file == NULL)
		return;
	setvbuf(file, NULL, _IOLBF, 0);
	g_main_context_set_poll_func(NULL, poll_cb);
}

static void painted_cb(void)
{
	lk_times_note("paint", 0);
}

static void realize_cb(GtkWidget *window)
{
	g_signal_connect(gtk_widget_get_frame_clock(window), "after-paint", G_CALLBACK(painted_cb), NULL);
}

void lk_times_watch(GtkWidget *window)
{
	if (file != NULL)
		g_signal_connect_after(window, "realize", G_CALLBACK(realize_cb), NULL);
}
