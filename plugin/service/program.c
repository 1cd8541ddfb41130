#include "program.h"

#include <glib.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void lk_program_harden(void)
{
	static const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	mallopt(M_PERTURB, 1); /* the smallest blocks escape that: glibc keeps some of them aside untouched */
}

void lk_program_speak(const char *catalogs)
{
	const char *named = g_getenv("LATCHKEY_CATALOGS");

	/* Servers often lack the reader's locale: C.UTF-8 is always there, and gettext follows LANGUAGE under it. */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (!setlocale(LC_MESSAGES, "") && setlocale(LC_MESSAGES, "C.UTF-8") && !g_getenv("LANGUAGE"))
		g_setenv("LANGUAGE", g_get_language_names()[0], FALSE);
	bindtextdomain(GETTEXT_PACKAGE, named ? named : catalogs);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
}
