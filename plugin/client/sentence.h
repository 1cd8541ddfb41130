/* Sentences of the catalogue with their named places filled, for the command and for the app. */
#pragma once

#include <glib.h>
#include <stdarg.h>
#include <time.h>

/* TEXT as it can be shown: valid UTF-8, and U+FFFD for what controls a terminal or turns the direction of writing. Of
 * more than MOST characters the first and "…" are left; 0: all are. Free it with g_free(). */
char *lk_sentence_clean(const char *text, size_t most);

/* What stands for {NAME}, of LENGTH octets; VALUE is NULL where none was given. It is freed with g_free(). */
typedef char *lk_sentence_show(const char *name, size_t length, const char *value);

/* TEMPLATE with what SHOW makes of each {name}; VALUES are pairs of name and value, ended by NULL. Free it with
 * g_free(). */
char *lk_sentence_fill(const char *template, lk_sentence_show *show, va_list values);

/* TEMPLATE with {weekday}, {year}, {month}, {day}, {hour} (of twelve), {minute}, {half} (am or pm) and {zone} of WHEN
 * in the machine's time zone; "" where that is beyond the calendar. Free it with g_free(). */
char *lk_sentence_time(const char *template, time_t when);
