/* For the files of groups: what is found below a role group, and what one group lists. */
#pragma once

#include "overlay.h"

/* group-closure.c: the normalized DNs of GROUP, if it counts, and of the groups below it, ended by BER_BVNULL. They are
 * in op's memory; free them with ber_bvarray_free_x(). Never NULL. */
BerVarray lk_groups_closure(Operation *op, const struct berval *group);

/* groups.c: whether GROUP itself lists NDN or, with BELOW, that or an entry below it. */
bool lk_groups_list(Operation *op, const struct berval *group, const struct berval *ndn, bool below);
