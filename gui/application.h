/* The application: one window for each session, and what is the same in all of them. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LK_TYPE_APPLICATION (lk_application_get_type())
G_DECLARE_FINAL_TYPE(LkApplication, lk_application, LK, APPLICATION, AdwApplication)

LkApplication *lk_application_new(void);

G_END_DECLS
