/* Notices that nobody has touched a window of the app for a while. */
#pragma once

#include <gtk/gtk.h>

struct lk_idle;

/* Calls IDLE with DATA after SECONDS (0: never) without a key, a click or a movement of the pointer in any window, and again
 * after each further time of that length. Free it with lk_idle_free(). */
struct lk_idle *lk_idle_new(guint seconds, void (*idle)(void *data), void *data);

/* Something else than a key, a click or a movement shows that somebody is there. Takes NULL. */
void lk_idle_touch(struct lk_idle *idle);

/* Takes NULL. */
void lk_idle_free(struct lk_idle *idle);
