#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <sys/prctl.h>

#include "application.h"
#include "times.h"

static void set_up_language(void)
{
	const char *catalogues = g_getenv("LATCHKEY_CATALOGS");

	setlocale(LC_ALL, "");
	bindtextdomain(GETTEXT_PACKAGE, catalogues == NULL ? LK_LOCALEDIR : catalogues);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
}

int main(int argc, char **argv)
{
	/* Passwords pass through this memory: no core file of it, and no debugger of the same user. */
	prctl(PR_SET_DUMPABLE, 0);
	/* libldap writes to connections that may be gone. */
	signal(SIGPIPE, SIG_IGN);
	set_up_language();
	if (sodium_init() < 0)
		return 1;

	lk_times_begin();
	LkApplication *application = lk_application_new();
	int status = g_application_run(G_APPLICATION(application), argc, argv);
	g_object_unref(application);
	return status;
}
