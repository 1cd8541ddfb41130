/* The threads that handle messages, one for each transport of a mailer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mailer.h"

struct lk_pool;

/* What became of one message. */
struct lk_done {
	const struct lk_notification *item;
	bool is_begun; /* false: it was too late to begin, and nothing happened */
	bool has_outcome; /* false also where the message cannot be named to the directory */
	struct lk_outcome outcome; /* its holder is freed with it, unless set to NULL */
	bool is_away; /* nobody was there who could take a mail */
};

/* MAILER outlives the pool. */
struct lk_pool *lk_pool_new(const struct lk_mailer *mailer);

/* Ends the threads after what they have begun. What was begun is lost where it was not got before. */
void lk_pool_free(struct lk_pool *pool); /* takes NULL */

/* Takes ITEMS, TAKEN of them as lk_client_take() returned them, and handles the first COUNT. None of them is begun
 * later than BEGIN_UNTIL (milliseconds of GLib's monotonic clock): it might not be over before its lease is, and
 * somebody else may then send it too. */
void lk_pool_put(struct lk_pool *pool, struct lk_notification *items, size_t taken, size_t count, gint64 begin_until);

/* How many were put and not got yet. */
size_t lk_pool_busy(const struct lk_pool *pool);

/* The next that is done, or NULL where there is none within MILLISECONDS; each that was put comes once. To be ended
 * with lk_pool_let_go(). */
struct lk_done *lk_pool_get(struct lk_pool *pool, int milliseconds);
void lk_pool_let_go(struct lk_done *done);

/* Nothing at all is begun later than BEGIN_UNTIL. */
void lk_pool_hurry(struct lk_pool *pool, gint64 begin_until);
