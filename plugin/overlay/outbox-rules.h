/* Which messages stay on an entry when new ones come, and when a new one is sent: pure, given what stands there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "../protocol/message.h"

#define LK_MESSAGES_KEPT 4 /* of one entry: each costs every search that reads the entry */
#define LK_NOTICE_PAUSE 300 /* seconds between two mails that say the same of the same actor to the same address */
#define LK_PROOF_WINDOW 3600 /* seconds in which mails to prove an address are counted */

/* A message that an entry has. */
struct lk_kept {
	struct lk_message message;
	bool goes; /* the write that stores the new ones removes it */
};

/* When FRESH, a new message, is due. A notice (which only tells of something) takes the place of one that says the same to
 * the same address, of the same actor, and has not been sent yet: that one goes, and its turn is kept, so that nobody
 * puts off a mail by doing the thing again. After one that was sent, it waits for LK_NOTICE_PAUSE. So whoever does a thing
 * a thousand times causes a mail every few minutes, the last of which tells of the last time. */
time_t lk_outbox_due(struct lk_kept *kept, size_t count, const struct lk_message *fresh);

/* Chooses what makes room for FRESH new messages: of those that are settled the oldest go, until LK_MESSAGES_KEPT are left
 * or no other can. What is still to be sent stays, however much it is; so does the newest temporary password or welcome
 * while it works, since it can be sent again, and what the limits above count. */
void lk_outbox_make_room(struct lk_kept *kept, size_t count, size_t fresh, time_t now);
