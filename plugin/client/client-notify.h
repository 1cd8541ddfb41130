/* The Notify control of Password Modify and Add. */
#pragma once

#include "latchkey.h"

/* The control's value for OPTIONS, whose notify is true. Free it with lk_wire_free(). 0, or an enum lk_error. */
int lk_notify_compose(const struct lk_reset_options *options, struct berval **ret_value);

/* What the control's answer among CONTROLS says goes to RESULT. 0, or an enum lk_error. */
int lk_notify_read(LDAPControl **controls, struct lk_reset_result *result);
