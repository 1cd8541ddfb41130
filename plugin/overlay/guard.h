/* Guards that a build can leave out, one at a time, so that the tests show that they would notice. */
#pragma once

/* REFUSES is a condition on which something is refused, and NAME what it guards. With -Dwithout_guard=NAME the condition is
 * never asked: all of it is left out, its effects too. In every other build this is REFUSES and nothing else. */
#ifdef LK_WITHOUT_GUARD
#define LK_GUARD(name, refuses) (__builtin_strcmp(LK_WITHOUT_GUARD, name) != 0 && (refuses))
#else
#define LK_GUARD(name, refuses) (refuses)
#endif
