/* What is to be said of a change of a policy before it is saved: what speaks against it, and what it will do. Pure
 * but for the translation: what the directory holds has been looked up. */
#pragma once

#include "policy-card.h"

/* What was found in the directory about a change. */
enum lk_finding_kind {
	LK_FINDING_NO_DN, /* TEXT is no DN */
	LK_FINDING_NO_ENTRY, /* there is no entry TEXT, or none that may be seen */
	LK_FINDING_NO_GROUP, /* the entry TEXT has no members */
	LK_FINDING_NO_ATTRIBUTE, /* the schema knows no attribute TEXT */
	LK_FINDING_TAKEN, /* the policy MORE governs the subtree TEXT already */
	LK_FINDING_NO_FILTER, /* what is left out is no filter */
};

struct lk_finding {
	enum lk_finding_kind kind;
	char *text;
	char *more; /* or NULL */
};

struct lk_findings {
	GPtrArray *all; /* of struct lk_finding, freed with it */
	bool somebody; /* a group of global administrators has a member who exists */
	bool oneself; /* who asks is among them, or has no entry, as the rootdn */
};

struct lk_findings *lk_findings_new(void);
void lk_findings_add(struct lk_findings *findings, enum lk_finding_kind kind, const char *text, const char *more);
void lk_findings_free(struct lk_findings *findings); /* takes NULL */

/* Why AFTER is not to be saved, in sentences, one a line; "" where nothing speaks against it. Free it with g_free(). */
char *lk_policy_faults_of(const struct lk_policy_card *after, const struct lk_findings *findings);

/* What saving AFTER in place of BEFORE (one without values for a new policy) will change for whom, the same way. */
char *lk_policy_consequences(
	const struct lk_policy_card *before, const struct lk_policy_card *after, const struct lk_findings *findings);
