/* Lists of strings that drop down, on windows that may be narrow. */
#pragma once

#include <gtk/gtk.h>

/* Lets the button of CHOICE give way, so that its text is cut off by MODE and stands in the tooltip. WIDEST is in characters and
 * holds for the list as well; -1: both are as wide as they like. */
void lk_drop_down_give_way(GtkDropDown *choice, PangoEllipsizeMode mode, int widest);
