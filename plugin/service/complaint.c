#include "complaint.h"

#include <stdarg.h>
#include <stdio.h>

int lk_complain(struct lk_complaint *ret_complaint, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(ret_complaint->text, sizeof ret_complaint->text, format, arguments);
	va_end(arguments);
	return -1;
}
