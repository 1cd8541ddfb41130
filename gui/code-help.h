/* What stands below a field for a code while one types: the code in groups of four, as it is read, and a note where it
 * was typed as Hangul. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LK_TYPE_CODE_HELP (lk_code_help_get_type())
G_DECLARE_FINAL_TYPE(LkCodeHelp, lk_code_help, LK, CODE_HELP, AdwBin)

/* Shows how TEXT is read; nothing, and takes no room, where it is empty. False where there is nothing in it to send. */
gboolean lk_code_help_read(LkCodeHelp *help, const char *text);

G_END_DECLS
