/* Asking before a window closes that would take something with it. */
#pragma once

#include <adwaita.h>

/* What would be lost, as flags of what is there. */
enum lk_loss {
	LK_LOSS_RUN = 1 << 0, /* a reset, or a run of them, whose end is not known yet */
	LK_LOSS_RESULTS = 1 << 1, /* what came of a run */
	LK_LOSS_SECRET = 1 << 2, /* a password or codes that are shown once */
	LK_LOSS_KEPT = 1 << 3, /* some of it belongs to who locked the window */
};

/* Asks, in front of everything that WINDOW shows, whether it is to close although LOSSES (of enum lk_loss) go with it,
 * and destroys it where the answer is yes. A second time the first question is shown. */
void lk_closing_ask(GtkWindow *window, unsigned losses);
