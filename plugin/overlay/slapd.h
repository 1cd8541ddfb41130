/* slapd and the protocol, for all files of the overlay. slap.h is included here and nowhere else. */
#pragma once

#include "portable.h"

#include <ac/ctype.h>
#include <ac/string.h>
#include <ac/time.h>
#include <lber_pvt.h>
#include <lutil.h>

#include "slap.h"
#include "slap-config.h"
#include "ldap_rq.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "../protocol/code.h"
#include "../protocol/envelope.h"
#include "../protocol/error.h"
#include "../protocol/event.h"
#include "../protocol/password.h"
#include "../protocol/printed-code.h"
#include "../protocol/text.h"
#include "../protocol/wire.h"
#include "bounce-rules.h"
#include "counters.h"
#include "due.h"
#include "expiry-rules.h"
#include "guard.h"
#include "policy.h"
#include "rules.h"
#include "seal-keys.h"
#include "throttle.h"
#include "wishes.h"
