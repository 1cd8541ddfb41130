/* What a locked window keeps for whoever locked it: the pages and the dialogs of a session, out of sight and out of the
 * accessibility tree, where a dialog does or shows what would be lost with it. */
#pragma once

#include <gtk/gtk.h>

#include "closing.h"
#include "session.h"

struct lk_kept;

/* Says what DIALOG holds that would be lost with it (of enum lk_loss, or 0). */
void lk_kept_mark(GtkWindow *dialog, unsigned losses);

/* What the dialogs of WINDOW that can be seen hold; 0: there is nothing to keep. */
unsigned lk_kept_losses(GtkWindow *window);

/* The dialog of WINDOW that can be seen in front of the others; WINDOW itself where there is none. */
GtkWindow *lk_kept_topmost(GtkWindow *window);

/* Hides PAGES, a child of WINDOW, and the dialogs of WINDOW. Free it with lk_kept_free(). */
struct lk_kept *lk_kept_new(GtkWindow *window, GtkWidget *pages, LkSession *session);

/* What would be lost with KEPT by now. */
unsigned lk_kept_get_losses(const struct lk_kept *kept);

/* Whether SESSION is of the same user of the same directory. */
gboolean lk_kept_is_of(const struct lk_kept *kept, LkSession *session);

/* Shows everything again. What it returns is KEPT's. */
GtkWidget *lk_kept_show(struct lk_kept *kept);
LkSession *lk_kept_get_session(const struct lk_kept *kept);

/* What it holds stays as it is. Takes NULL. */
void lk_kept_free(struct lk_kept *kept);
