/* How hard a new password is to guess, roughly, for a bar beside the field. The directory alone decides whether it will do. Pure. */
#pragma once

enum lk_strength {
	LK_STRENGTH_NONE, /* nothing typed */
	LK_STRENGTH_WEAK,
	LK_STRENGTH_FAIR,
	LK_STRENGTH_GOOD,
	LK_STRENGTH_STRONG,
};

/* Of PASSWORD; USER, which may be "", makes it weaker where it stands in it. */
enum lk_strength lk_strength_of(const char *password, const char *user);
