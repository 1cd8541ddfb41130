/* What the service manager (systemd) is told: sd_notify(3). Without one, nothing happens. */
#pragma once

void lk_manager_ready(void);
void lk_manager_reloading(void);
void lk_manager_stopping(void);

/* To be called again and again by whoever would hang if something hung; STATUS is one line for people, shown by
 * `systemctl status`. It is passed on once a second at most. */
void lk_manager_alive(const char *status);
