/* What the files of the overlay share. Each header stands for a concern.
 *
 * Order of the overlay's life: module.c registers; config.c fills an instance for each database; instance.c opens and
 * closes it; snapshot.c keeps the policies of all instances in memory. A request comes in by guard-write.c (Add,
 * Modify, ModRDN, Delete), by guard-read.c (each access check on our attributes), or by an extended operation:
 * password-modify.c, recovery-queue.c, recovery-complete.c, notification.c. backend.c alone performs internal
 * operations. */
#pragma once

#include "accounts.h"
#include "backend.h"
#include "guards.h"
#include "instance.h"
#include "messages.h"
#include "operations.h"
#include "policies.h"
#include "requests.h"
