/* What the directory would not take as it stands in a policy, asked of its own parser before anything is written.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* An attribute of a policy's entry: its name and its values, ended by NULL. */
struct lk_policy_texts {
	const char *name;
	const char *const *values;
};

/* Called with the name of an attribute, and what is wrong with it in English, a static text. */
typedef void lk_policy_fault(void *context, const char *name, const char *text);

/* Calls FAULT for each thing in the COUNT attributes ALL that slapo-latchkey would warn of and take in another
 * sense. False when memory is short. */
bool lk_policy_faults(const struct lk_policy_texts *all, size_t count, lk_policy_fault *fault, void *context);
