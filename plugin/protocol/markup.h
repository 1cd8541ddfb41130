/* Text that stands in HTML. */
#pragma once

/* What stands for CHARACTER in an element or in a quoted attribute; NULL where it stands for itself. */
const char *lk_markup_entity(char character);
