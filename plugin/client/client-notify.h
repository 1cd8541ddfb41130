/* The Notify control of Password Modify and Add. */
#pragma once

#include "latchkey.h"

/* The control's value for OPTIONS. Free it with lk_wire_free(). 0, or an enum lk_error. */
int lk_notify_compose(const struct lk_reset_options *options, struct berval **ret_value);

/* What the control's answer among CONTROLS says goes to RESULT; MAILED: of a message that was asked for. 0, or an enum
 * lk_error. */
int lk_notify_read(LDAPControl **controls, bool mailed, struct lk_reset_result *result);
