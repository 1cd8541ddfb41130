/* The socket on which the web server asks. */
#pragma once

#include "config.h"

/* Opens what [server] listen names: "unix:PATH", which others may connect to as its folder lets them, or ADDRESS:PORT.
 * A socket that systemd hands over (sd_listen_fds(3)) comes before it. */
int lk_web_listen(const struct lk_web_config *config, int *ret_socket, struct lk_complaint *ret_complaint);
