/* What the app does when, for those who measure it (./run bench app): where the environment names a file in LATCHKEY_TIMES, a line is
 * appended to it for each event:
 *
 *     line  = microseconds SP event SP number SP processor LF
 *                                                    ; of the monotonic clock, and of the processor's time that the main loop's
 *                                                    ; thread has used
 *     event = "paint"                                ; a frame of a window is on the screen; 0
 *           / "turn"                                 ; the main loop took so many microseconds until it looked again for what to
 *                                                    ; do; only those of more than LK_TIMES_LEAST
 *           / "busy"                                 ; after each "turn": the time of the processor in it
 *           / a name given to lk_times_note()
 *
 * Nothing in it is of what is shown. Without the variable none of this costs more than a look at a pointer. */
#pragma once

#include <gtk/gtk.h>

#define LK_TIMES_LEAST 5000 /* microseconds */

/* Opens the file; before the main loop runs. */
void lk_times_begin(void);

/* Notes when frames of WINDOW are painted, once it is realized. */
void lk_times_watch(GtkWidget *window);

/* EVENT, a constant without spaces. */
void lk_times_note(const char *event, guint number);
