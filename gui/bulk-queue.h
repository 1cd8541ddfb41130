/* The order of work where several accounts are reset: what is to be done next, and what became of each. It does none of it, so that
 * whatever may happen can be tried in microseconds. Pure.
 *
 * Nothing is done twice. Before a reset the account is looked at (LK_BULK_LOOK); where the answer to the reset is lost, it is looked at
 * once more (LK_BULK_CHECK), and what is new in it tells whether the reset was done. One that was not is no reason to do it again by
 * itself: a directory that is slow, or a copy that lags, may show it later. Who retries it has it looked at again first. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum lk_bulk_state {
	LK_BULK_BARRED, /* is not to be reset: nobody of this name, or a rule forbids it */
	LK_BULK_WAITING,
	LK_BULK_DONE,
	LK_BULK_FAILED, /* the directory refused it: nothing was changed */
	LK_BULK_UNSURE, /* the answer was lost: it may have been done */
	LK_BULK_FOUND, /* the answer was lost, and the account shows that it was done */
	LK_BULK_MISSED, /* the answer was lost, and the account does not show it */
	LK_BULK_LEFT, /* was not begun before the rest was cancelled */
	LK_BULK_STATES,
};

enum lk_bulk_step {
	LK_BULK_NOTHING, /* paused, all done, or the step before is still under way */
	LK_BULK_LOOK, /* at the account before the reset */
	LK_BULK_RESET,
	LK_BULK_CHECK, /* whether a reset was done whose answer was lost */
};

/* What came of a step. */
enum lk_bulk_outcome {
	LK_BULK_OK, /* looked at: may be reset. Reset: done. Checked: the account shows that it was done */
	LK_BULK_NO, /* looked at: must not be. Reset: refused. Checked: the account does not show it */
	LK_BULK_LOST, /* no answer: the connection broke, or it took too long */
	LK_BULK_ALREADY, /* looked at once more: an earlier reset, whose answer was lost, was done after all */
};

struct lk_bulk_queue;

/* Of COUNT accounts, all of them waiting; nothing is to be done before lk_bulk_queue_go(). Free it with lk_bulk_queue_free(). */
struct lk_bulk_queue *lk_bulk_queue_new(size_t count);

/* Takes NULL. */
void lk_bulk_queue_free(struct lk_bulk_queue *queue);

/* That one is left out. Before the beginning. */
void lk_bulk_queue_bar(struct lk_bulk_queue *queue, size_t index);

/* Begins, or goes on after a pause. */
void lk_bulk_queue_go(struct lk_bulk_queue *queue);

/* The step under way is finished, and no other begun, but for checks. */
void lk_bulk_queue_pause(struct lk_bulk_queue *queue);
bool lk_bulk_queue_is_paused(const struct lk_bulk_queue *queue);

/* What waits is left. What is under way is finished, and what is unsure checked. */
void lk_bulk_queue_cancel(struct lk_bulk_queue *queue);

/* Those that failed, or were missed, wait again. Says how many. */
size_t lk_bulk_queue_retry(struct lk_bulk_queue *queue);

/* The step to be done now, and with *ret_index. It is under way until lk_bulk_queue_end(). */
enum lk_bulk_step lk_bulk_queue_begin(struct lk_bulk_queue *queue, size_t *ret_index);

/* What came of the step that is under way. */
void lk_bulk_queue_end(struct lk_bulk_queue *queue, enum lk_bulk_outcome outcome);

/* Whether the last step had no answer: the next one had better wait a moment. */
bool lk_bulk_queue_is_offline(const struct lk_bulk_queue *queue);

/* Whether nothing is under way, and nothing is to be done any more. */
bool lk_bulk_queue_is_over(const struct lk_bulk_queue *queue);

enum lk_bulk_state lk_bulk_queue_state(const struct lk_bulk_queue *queue, size_t index);

/* How many are in STATE. */
size_t lk_bulk_queue_count(const struct lk_bulk_queue *queue, enum lk_bulk_state state);
