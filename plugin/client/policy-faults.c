#include "policy-faults.h"

#include <glib.h>
#include <string.h>

#include "policy-entry.h"

static struct berval *point_at(const char *const *values)
{
	size_t count = 0;

	while (values[count] != NULL)
		count++;
	struct berval *list = g_new0(struct berval, count + 1);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct berval){strlen(values[i]), (char *)values[i]};
	return list;
}

bool lk_policy_faults(const struct lk_policy_texts *all, size_t count, lk_policy_fault *fault, void *context)
{
	static const struct berval no_dn = {0, (char *)""};
	struct lk_policy_attribute *attributes = g_new0(struct lk_policy_attribute, count + 1);

	for (size_t i = 0; i < count; i++)
		attributes[i] = (struct lk_policy_attribute){all[i].name, point_at(all[i].values)};
	struct lk_policy *policy = lk_policy_parse(&no_dn, attributes, count, fault, context);
	bool parsed = policy != NULL;
	lk_policy_free(policy);
	for (size_t i = 0; i < count; i++)
		g_free((void *)attributes[i].values);
	g_free(attributes);
	return parsed;
}
