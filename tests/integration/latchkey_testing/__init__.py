"""Throw-away directories for tests and for the demo: a real slapd, the mailer, and the clients that speak to them.

Nothing here touches the system's slapd, its configuration or a fixed port."""

import os

# Before libldap is loaded: no ldap.conf, no .ldaprc, no LDAP… variables may reach into what is tested.
os.environ["LDAPNOINIT"] = "1"
