/* Preloaded into slapd after a sanitizer's runtime, and initialised before every other library (-z initfirst): starts the runtime.
 *
 * By itself a preloaded runtime starts with the first call of malloc(). In slapd that is p11-kit's constructor inside
 * newlocale(), which holds glibc's lock of locales; the runtime then looks for symbols that are not there, dlerror() takes
 * the same lock to translate its message, and unlocks it twice: slapd would hang at its end. */
#include <dlfcn.h>
#include <stdlib.h>

__attribute__((constructor)) static void start(void)
{
	void *volatile first = malloc(1);

	free(first);
}

/* Modules stay where they are: what is reported at the end of slapd, when it has let go of all of them, could not be named. */
int dlclose(void *library)
{
	(void)library;
	return 0;
}
