#include "bulk-queue.h"

#include <glib.h>

struct lk_bulk_queue {
	size_t count;
	enum lk_bulk_state *states;
	size_t counts[LK_BULK_STATES];
	enum lk_bulk_step step; /* under way; LK_BULK_NOTHING for none */
	size_t index; /* with which; and after a look, what is to be reset now */
	bool looked; /* the account INDEX may be reset */
	bool paused;
	bool offline;
};

/* What an account becomes. LK_BULK_STATES: it stays, and what comes next says the queue. */
static const enum lk_bulk_state transitions[][4] = {
	[LK_BULK_LOOK] = {[LK_BULK_OK] = LK_BULK_STATES,
		[LK_BULK_NO] = LK_BULK_FAILED,
		[LK_BULK_LOST] = LK_BULK_STATES,
		[LK_BULK_ALREADY] = LK_BULK_FOUND},
	[LK_BULK_RESET] = {[LK_BULK_OK] = LK_BULK_DONE,
		[LK_BULK_NO] = LK_BULK_FAILED,
		[LK_BULK_LOST] = LK_BULK_UNSURE,
		[LK_BULK_ALREADY] = LK_BULK_STATES},
	[LK_BULK_CHECK] = {[LK_BULK_OK] = LK_BULK_FOUND,
		[LK_BULK_NO] = LK_BULK_MISSED,
		[LK_BULK_LOST] = LK_BULK_STATES,
		[LK_BULK_ALREADY] = LK_BULK_FOUND},
};

struct lk_bulk_queue *lk_bulk_queue_new(size_t count)
{
	struct lk_bulk_queue *queue = g_new0(struct lk_bulk_queue, 1);

	queue->count = count;
	queue->states = g_new(enum lk_bulk_state, count);
	for (size_t i = 0; i < count; i++)
		queue->states[i] = LK_BULK_WAITING;
	queue->counts[LK_BULK_WAITING] = count;
	queue->paused = true;
	return queue;
}

void lk_bulk_queue_free(struct lk_bulk_queue *queue)
{
	if (queue == NULL)
		return;
	g_free(queue->states);
	g_free(queue);
}

static void put(struct lk_bulk_queue *queue, size_t index, enum lk_bulk_state state)
{
	queue->counts[queue->states[index]]--;
	queue->counts[state]++;
	queue->states[index] = state;
}

/* Each that is in FROM. */
static void put_all(struct lk_bulk_queue *queue, enum lk_bulk_state from, enum lk_bulk_state to)
{
	for (size_t i = 0; i < queue->count; i++) {
		if (queue->states[i] == from)
			put(queue, i, to);
	}
}

void lk_bulk_queue_bar(struct lk_bulk_queue *queue, size_t index)
{
	put(queue, index, LK_BULK_BARRED);
}

void lk_bulk_queue_go(struct lk_bulk_queue *queue)
{
	queue->paused = false;
}

void lk_bulk_queue_pause(struct lk_bulk_queue *queue)
{
	queue->paused = true;
}

bool lk_bulk_queue_is_paused(const struct lk_bulk_queue *queue)
{
	return queue->paused;
}

/* A look changes nothing, so what is only being looked at is left too; its answer finds it so. */
void lk_bulk_queue_cancel(struct lk_bulk_queue *queue)
{
	bool resets = queue->step == LK_BULK_RESET;

	put_all(queue, LK_BULK_WAITING, LK_BULK_LEFT);
	if (resets)
		put(queue, queue->index, LK_BULK_WAITING);
	queue->looked = false;
}

size_t lk_bulk_queue_retry(struct lk_bulk_queue *queue)
{
	size_t before = queue->counts[LK_BULK_WAITING];

	put_all(queue, LK_BULK_FAILED, LK_BULK_WAITING);
	put_all(queue, LK_BULK_MISSED, LK_BULK_WAITING);
	queue->paused = false;
	return queue->counts[LK_BULK_WAITING] - before;
}

static bool find(const struct lk_bulk_queue *queue, enum lk_bulk_state state, size_t *ret_index)
{
	for (size_t i = 0; queue->counts[state] > 0 && i < queue->count; i++) {
		if (queue->states[i] != state)
			continue;
		*ret_index = i;
		return true;
	}
	return false;
}

static enum lk_bulk_step choose(struct lk_bulk_queue *queue)
{
	if (find(queue, LK_BULK_UNSURE, &queue->index))
		return LK_BULK_CHECK;
	if (queue->paused)
		return LK_BULK_NOTHING;
	if (queue->looked)
		return LK_BULK_RESET;
	return find(queue, LK_BULK_WAITING, &queue->index) ? LK_BULK_LOOK : LK_BULK_NOTHING;
}

enum lk_bulk_step lk_bulk_queue_begin(struct lk_bulk_queue *queue, size_t *ret_index)
{
	if (queue->step != LK_BULK_NOTHING)
		return LK_BULK_NOTHING;
	queue->step = choose(queue);
	queue->looked = false;
	*ret_index = queue->index;
	return queue->step;
}

void lk_bulk_queue_end(struct lk_bulk_queue *queue, enum lk_bulk_outcome outcome)
{
	enum lk_bulk_step step = queue->step;
	enum lk_bulk_state next = transitions[step][outcome];

	queue->step = LK_BULK_NOTHING;
	queue->offline = outcome == LK_BULK_LOST;
	/* What was cancelled meanwhile stays left, unless it turns out to have been done. */
	if (queue->states[queue->index] == LK_BULK_LEFT && outcome != LK_BULK_ALREADY)
		return;
	queue->looked = step == LK_BULK_LOOK && outcome == LK_BULK_OK;
	if (next != LK_BULK_STATES)
		put(queue, queue->index, next);
}

bool lk_bulk_queue_is_offline(const struct lk_bulk_queue *queue)
{
	return queue->offline;
}

bool lk_bulk_queue_is_over(const struct lk_bulk_queue *queue)
{
	return queue->step == LK_BULK_NOTHING && queue->counts[LK_BULK_WAITING] == 0 && queue->counts[LK_BULK_UNSURE] == 0;
}

enum lk_bulk_state lk_bulk_queue_state(const struct lk_bulk_queue *queue, size_t index)
{
	return queue->states[index];
}

size_t lk_bulk_queue_count(const struct lk_bulk_queue *queue, enum lk_bulk_state state)
{
	return queue->counts[state];
}
