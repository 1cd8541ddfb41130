/* Memory for a hook in a transaction (RFC 5805). slapd keeps the operations of one until it is to be committed, and so
 * has taken their memory from the heap (o_tmpmemctx is NULL): what our hooks, and the internal operations that they
 * begin, leave for the end of the operation would stay there for ever. So they get the memory of the thread, which at
 * the time is that of the request to commit, and give it back as they found it. */
#include "overlay.h"

struct lk_scratch lk_scratch_begin(Operation *op)
{
	struct lk_scratch scratch = {NULL, NULL};

	if (op->o_tmpmemctx)
		return scratch;
	/* Not op->o_threadctx: until the transaction has begun that is the thread which took the operation, and serves
	 * others now. */
	scratch.memory = slap_sl_mem_create(SLAP_SLAB_SIZE, SLAP_SLAB_STACK, ldap_pvt_thread_pool_context(), 0);
	scratch.mark = slap_sl_mark(scratch.memory);
	op->o_tmpmemctx = scratch.memory;
	op->o_tmpmfuncs = &slap_sl_mfuncs;
	return scratch;
}

void lk_scratch_end(Operation *op, const struct lk_scratch *scratch)
{
	if (!scratch->memory)
		return;
	slap_sl_release(scratch->mark, scratch->memory);
	op->o_tmpmemctx = NULL;
	op->o_tmpmfuncs = &ch_mfuncs;
}

int lk_scratch_within(Operation *op, SlapReply *rs, BI_op_func *hook)
{
	struct lk_scratch scratch = lk_scratch_begin(op);
	int rc = hook(op, rs);

	lk_scratch_end(op, &scratch);
	return rc;
}

void *lk_scratch_mark(const Operation *op)
{
	return op->o_tmpmemctx ? slap_sl_mark(op->o_tmpmemctx) : NULL;
}

void lk_scratch_release(const Operation *op, void *mark)
{
	if (mark)
		slap_sl_release(mark, op->o_tmpmemctx);
}
