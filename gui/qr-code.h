/* A QR code, drawn black on white whatever the style, with the quiet zone around it that readers need (ISO/IEC 18004). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_QR_CODE (lk_qr_code_get_type())
G_DECLARE_FINAL_TYPE(LkQrCode, lk_qr_code, LK, QR_CODE, GtkWidget)

/* TEXT, which is a secret: what is drawn of it is erased with the widget, or by NULL. False where it does not fit any code. */
gboolean lk_qr_code_set_text(LkQrCode *code, const char *text);

G_END_DECLS
