/* On whose behalf a request comes: the one at the other end of the connection, or somebody for whom a front end speaks
 * that olcLatchkeyPortalDN names. What anybody else says of an address is not listened to. */
#include "overlay.h"

#include "../protocol/wire-session.h"

bool lk_client_is_portal(const Operation *op)
{
	struct berval actor = lk_actor(op);

	if (BER_BVISEMPTY(&actor))
		return false;
	for (const struct lk_instance *instance = lk_instances; instance; instance = instance->next) {
		if (instance->open && lk_dn_is_among(instance->nportals, &actor))
			return true;
	}
	return false;
}

/* The value of the one Session Tracking control; of two nobody knows which is meant. */
static const struct berval *session_value(const Operation *op)
{
	const struct berval *found = NULL;

	for (LDAPControl **control = op->o_ctrls; control && *control; control++) {
		if (strcmp((*control)->ldctl_oid, LK_CONTROL_SESSION))
			continue;
		if (LK_GUARD("one-session", found))
			return NULL;
		found = &(*control)->ldctl_value;
	}
	return found && found->bv_val ? found : NULL;
}

/* Whom the front end names. False where it names nobody, or what it names is no address. */
static bool read_session(const Operation *op, struct lk_origin *ret_origin)
{
	const struct berval *value = session_value(op);
	struct lk_session session;

	if (!value || lk_wire_decode_session(value, &session) != LK_OK)
		return false;
	return lk_origin_of_address(&session.source_ip, ret_origin);
}

/* A peer's name without its port; a local socket is one client. */
static struct berval without_port(struct berval peer)
{
	char *colon = peer.bv_len ? memrchr(peer.bv_val, ':', peer.bv_len) : NULL;

	if (colon)
		peer.bv_len = (ber_len_t)(colon - peer.bv_val);
	return peer;
}

struct lk_client lk_client_see(const Operation *op)
{
	struct berval peer = op->o_conn->c_peer_name;
	struct lk_client client = {.name = without_port(peer), .via = BER_BVC("")};
	char text[LK_ORIGIN_TEXT];
	struct berval name = {0, text};

	if (LK_GUARD("session-of-portals-only", !lk_client_is_portal(op)) || !read_session(op, &client.origin)) {
		lk_origin_of_peer(&peer, &client.origin);
		return client;
	}
	lk_origin_format(&client.origin, text);
	name.bv_len = strlen(text);
	client.via = client.name;
	ber_dupbv_x(&client.name, &name, op->o_tmpmemctx);
	return client;
}

struct berval lk_client_of(const Operation *op)
{
	return lk_client_see(op).name;
}
