/* A secret on the clipboard, for a while. */
#pragma once

#include <gdk/gdk.h>

/* Puts TEXT on the clipboard of DISPLAY, and takes it away after SECONDS unless something else is there by then. */
void lk_clipboard_lend(GdkDisplay *display, const char *text, guint seconds);

/* Takes away at once what lk_clipboard_lend() has put there. */
void lk_clipboard_clear(void);
