/* The controlling terminal, with its echo off. */
#pragma once

#include <stddef.h>

enum lk_cli_lines {
	LK_CLI_LINES_ONE,
	LK_CLI_LINES_PASTED, /* and those that follow it at once, as no fingers do */
};

/* Shows PROMPT and reads LINES of up to SIZE octets into RET_LINE, which has room for a NUL more. Returns its length
 * (SIZE + 1 for every longer one), or -1 where there is no terminal. A signal that ends or stops the program takes
 * effect after the terminal has been put right. */
int lk_cli_terminal_ask(const char *prompt, enum lk_cli_lines lines, char *ret_line, size_t size);
