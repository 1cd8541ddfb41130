/* What is done once a second, each in a thread of slapd's pool. */
#pragma once

#include "slapd.h"

struct lk_task {
	struct re_s *entry; /* of slapd's run queue; NULL when stopped */
	struct lk_task *next;
};

/* Has slapd call WORK with the entry, whose arg is ARG, every second, never twice at once. NAME and SPEC, which stay, are
 * what slapd calls it. */
void lk_task_start(
	struct lk_task *task, ldap_pvt_thread_start_t *work, void *arg, const char *name, const char *spec);
/* The last thing that WORK does with its ENTRY: it is called again, unless TASK was stopped meanwhile. */
void lk_task_end(const struct lk_task *task, struct re_s *entry);
/* One that waits for a thread of the pool is called back; one that has begun goes on, and its entry goes when it ends. */
void lk_task_stop(struct lk_task *task);
