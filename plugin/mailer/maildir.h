/* Mails as files: for a demonstration, a test, or a site that fetches them from there. */
#pragma once

#include "complaint.h"
#include "transport.h"

/* Creates PATH with its tmp, new and cur (0700) where they are missing. Each mail becomes new/SECONDS.ID.eml, by way of
 * tmp, and is on disk before it is called sent. Lines end with LF, as in every maildir. Every error is one that passes:
 * the mail is deferred. */
int lk_maildir_new(const char *path, struct lk_transport **ret_transport, struct lk_complaint *ret_complaint);
