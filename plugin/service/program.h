/* What a service does when it begins, before there are threads. */
#pragma once

/* For a process that codes, passwords and keys pass through: no core is dumped, nobody but root looks in, what
 * libraries free is overwritten at once, and a connection that has gone does not end it. */
void lk_program_harden(void);

/* For what a person reads at a terminal, in their language; the log is English always. CATALOGS is where the
 * translations are installed; LATCHKEY_CATALOGS in the environment goes first. */
void lk_program_speak(const char *catalogs);
