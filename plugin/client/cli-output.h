/* What the command prints: sentences in the reader's language, or one JSON object. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <time.h>

/* TEMPLATE with each {name} replaced; pairs of name and value follow, then NULL. Values may come from the directory
 * or a mail server, so what could steer a terminal is taken out of them. Free with g_free(). */
char *lk_cli_fill(const char *template, ...) G_GNUC_NULL_TERMINATED;

/* Fills TEMPLATE as lk_cli_fill() does and prints the line. */
void lk_cli_say(const char *template, ...) G_GNUC_NULL_TERMINATED;

/* A line on standard error, behind the program's name. */
void lk_cli_complain(const char *template, ...) G_GNUC_NULL_TERMINATED;

/* A copy of TEXT without control characters, without marks that turn the direction of writing, and valid UTF-8. */
char *lk_cli_clean(const char *text);

/* WHEN as people write it, in the machine's time zone; for JSON, RFC 3339 in UTC. Free with g_free(). */
char *lk_cli_time(time_t when);
char *lk_cli_json_time(time_t when);

/* Adds a member; a NULL text and a time of 0 become null. */
void lk_cli_json_text(JsonBuilder *builder, const char *name, const char *text);
void lk_cli_json_when(JsonBuilder *builder, const char *name, time_t when);
void lk_cli_json_flag(JsonBuilder *builder, const char *name, bool flag);
void lk_cli_json_number(JsonBuilder *builder, const char *name, gint64 number);

/* A builder inside an object that has "ok" set. */
JsonBuilder *lk_cli_json_begin(bool ok);

/* Ends the object, prints it and frees BUILDER. */
void lk_cli_json_end(JsonBuilder *builder);
/* The same on one line, where several objects follow each other. */
void lk_cli_json_end_line(JsonBuilder *builder);

/* Whether all that was printed has arrived. */
bool lk_cli_flush(void);
