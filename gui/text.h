/* Text that people read: filled sentences, times, and what others have written into the directory made harmless. */
#pragma once

#include <glib.h>
#include <time.h>

/* TEMPLATE with each {name} replaced by its value; the arguments are pairs of name and value, ended by NULL. Values are
 * cleaned by lk_text_clean(). Free it with g_free(). */
char *lk_text_fill(const char *template, ...) G_GNUC_NULL_TERMINATED;

/* TEXT as it can be shown on one line: valid UTF-8, U+FFFD for what controls a terminal or turns the direction of writing, and
 * no longer than LK_TEXT_SHOWN characters. NULL becomes "". Free it with g_free(). */
char *lk_text_clean(const char *text);

#define LK_TEXT_SHOWN 256

/* LINE, which is freed, as another line of LINES; nothing where it is empty. */
void lk_text_add_line(GString *lines, char *line);

/* TEMPLATE with {time} for WHEN, as another line of LINES. */
void lk_text_add_time(GString *lines, const char *template, time_t when);

/* WHEN in the reader's language and time zone. Free it with g_free(). */
char *lk_text_time(time_t when);

/* The same, shorter, for lists: without the zone. */
char *lk_text_time_short(time_t when);

/* WHEN as one says it at NOW: "today, 2:02 pm", "yesterday, …", or the date. Free it with g_free(). */
char *lk_text_when(time_t when, time_t now);

/* The reader's language as RFC 5646 writes it, "ko-KR" for ko_KR.UTF-8; NULL where none is set. Free it with g_free(). */
char *lk_text_language(void);
