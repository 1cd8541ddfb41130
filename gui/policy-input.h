/* A row in which a field of a policy is edited. What was not touched keeps the values that it was given. */
#pragma once

#include <adwaita.h>

#include "policy-fields.h"

struct lk_policy_input;

/* VALUES are copied. It owns a reference to its row. */
struct lk_policy_input *lk_policy_input_new(const struct lk_policy_field *field, const char *const *values);
void lk_policy_input_free(struct lk_policy_input *input);

GtkWidget *lk_policy_input_get_row(struct lk_policy_input *input);

/* What the row says. Free it with g_strfreev(). */
char **lk_policy_input_read(struct lk_policy_input *input);
