/* cn=config: the attributes of olcLatchkeyConfig. Their arcs follow those of schema/latchkey.schema. */
#include "overlay.h"

#include <sodium.h>

#include "../protocol/key.h"
#include "../protocol/oid.h"

enum {
	CONFIG_POLICY_BASE = 1,
	CONFIG_MAILER_KEY,
	CONFIG_MAILER,
	CONFIG_READER,
	CONFIG_KEY_FILE,
	CONFIG_SELF_SERVICE_ONLY,
	CONFIG_MIN_SSF,
	CONFIG_PASSWORD_ATTRIBUTE,
	CONFIG_PORTAL,
	CONFIG_CLIENT_REQUESTS,
	CONFIG_ALL_REQUESTS,
	CONFIG_CLIENT_PROOFS,
	CONFIG_ALL_PROOFS,
};

#define MIN_SSF_DEFAULT 71 /* what ldapi:// counts as */
#define DN_SYNTAX "1.3.6.1.4.1.1466.115.121.1.12"
#define STRING_SYNTAX "1.3.6.1.4.1.1466.115.121.1.15"
#define INTEGER_SYNTAX "1.3.6.1.4.1.1466.115.121.1.27"

static ConfigDriver configure;

static ConfigTable config_table[] = {
	{"latchkey-policy-base", "dn", 2, 2, 0, ARG_MAGIC | ARG_DN | ARG_QUOTE | CONFIG_POLICY_BASE, configure,
		"( " LK_OID_BASE ".1.100 NAME 'olcLatchkeyPolicyBase' "
		"DESC 'The entry at or below which this database keeps its policies (latchkeyPolicy).' "
		"EQUALITY distinguishedNameMatch SYNTAX " DN_SYNTAX " SINGLE-VALUE )",
		NULL, NULL},
	{"latchkey-mailer-key", "base64", 2, 2, 0, ARG_MAGIC | CONFIG_MAILER_KEY, configure,
		"( " LK_OID_BASE ".1.101 NAME 'olcLatchkeyMailerKey' "
		"DESC 'A public key of the mailer, as latchkey-mailer keygen prints it; messages are sealed to the first.' "
		"EQUALITY caseExactMatch SYNTAX " STRING_SYNTAX " X-ORDERED 'VALUES' )",
		NULL, NULL},
	{"latchkey-mailer", "dn", 2, 2, 0, ARG_MAGIC | ARG_DN | ARG_QUOTE | CONFIG_MAILER, configure,
		"( " LK_OID_BASE ".1.102 NAME 'olcLatchkeyMailer' "
		"DESC 'An identity that may take and settle messages.' "
		"EQUALITY distinguishedNameMatch SYNTAX " DN_SYNTAX " )",
		NULL, NULL},
	{"latchkey-reader", "dn", 2, 2, 0, ARG_MAGIC | ARG_DN | ARG_QUOTE | CONFIG_READER, configure,
		"( " LK_OID_BASE ".1.103 NAME 'olcLatchkeyReader' "
		"DESC 'An identity that reads everything Latchkey stores, for replication.' "
		"EQUALITY distinguishedNameMatch SYNTAX " DN_SYNTAX " )",
		NULL, NULL},
	{"latchkey-key-file", "path", 2, 2, 0, ARG_MAGIC | ARG_STRING | CONFIG_KEY_FILE, configure,
		"( " LK_OID_BASE ".1.104 NAME 'olcLatchkeyKeyFile' "
		"DESC 'A file of mode 0600 with the 44 characters (base64) of the key under which second factors are stored.' "
		"EQUALITY caseExactMatch SYNTAX " STRING_SYNTAX " SINGLE-VALUE )",
		NULL, NULL},
	{"latchkey-self-service-only", "dn", 2, 2, 0, ARG_MAGIC | ARG_DN | ARG_QUOTE | CONFIG_SELF_SERVICE_ONLY, configure,
		"( " LK_OID_BASE ".1.105 NAME 'olcLatchkeySelfServiceOnly' "
		"DESC 'A subtree that is self-service only and enforced, whatever a policy says.' "
		"EQUALITY distinguishedNameMatch SYNTAX " DN_SYNTAX " )",
		NULL, NULL},
	{"latchkey-min-ssf", "ssf", 2, 2, 0, ARG_MAGIC | ARG_UINT | CONFIG_MIN_SSF, configure,
		"( " LK_OID_BASE ".1.106 NAME 'olcLatchkeyMinSSF' "
		"DESC 'The least security strength factor for passwords and codes; 71 where absent, which ldapi has.' "
		"EQUALITY integerMatch SYNTAX " INTEGER_SYNTAX " SINGLE-VALUE )",
		NULL, NULL},
	{"latchkey-password-attribute", "attribute", 2, 2, 0, ARG_MAGIC | CONFIG_PASSWORD_ATTRIBUTE, configure,
		"( " LK_OID_BASE ".1.107 NAME 'olcLatchkeyPasswordAttribute' "
		"DESC 'An attribute that counts as a password beside userPassword; where absent: userCertificate, authzTo, "
		"authzFrom, sshPublicKey, sambaNTPassword, krbPrincipalKey.' "
		"EQUALITY caseIgnoreMatch SYNTAX " STRING_SYNTAX " )",
		NULL, NULL},
	{"latchkey-portal", "dn", 2, 2, 0, ARG_MAGIC | ARG_DN | ARG_QUOTE | CONFIG_PORTAL, configure,
		"( " LK_OID_BASE ".1.120 NAME 'olcLatchkeyPortalDN' "
		"DESC 'An identity of a front end that names its clients in the Session Tracking control.' "
		"EQUALITY distinguishedNameMatch SYNTAX " DN_SYNTAX " )",
		NULL, NULL},
	{"latchkey-client-requests", "count/seconds", 2, 2, 0, ARG_MAGIC | CONFIG_CLIENT_REQUESTS, configure,
		"( " LK_OID_BASE ".1.121 NAME 'olcLatchkeyClientRequests' "
		"DESC 'How many codes one client address may ask for in how many seconds (60/600 where "
		"absent); 0: any number.' "
		"EQUALITY caseExactMatch SYNTAX " STRING_SYNTAX " SINGLE-VALUE )",
		NULL, NULL},
	{"latchkey-all-requests", "count/seconds", 2, 2, 0, ARG_MAGIC | CONFIG_ALL_REQUESTS, configure,
		"( " LK_OID_BASE ".1.122 NAME 'olcLatchkeyAllRequests' "
		"DESC 'How many codes all clients together may ask for in how many seconds (6000/60 where "
		"absent); 0: any number.' "
		"EQUALITY caseExactMatch SYNTAX " STRING_SYNTAX " SINGLE-VALUE )",
		NULL, NULL},
	{"latchkey-client-proofs", "count/seconds", 2, 2, 0, ARG_MAGIC | CONFIG_CLIENT_PROOFS, configure,
		"( " LK_OID_BASE ".1.123 NAME 'olcLatchkeyClientProofs' "
		"DESC 'How many wrong proofs one client address, or one signed-in user, has in how many "
		"seconds (120/600 where absent); 0: any number.' "
		"EQUALITY caseExactMatch SYNTAX " STRING_SYNTAX " SINGLE-VALUE )",
		NULL, NULL},
	{"latchkey-all-proofs", "count/seconds", 2, 2, 0, ARG_MAGIC | CONFIG_ALL_PROOFS, configure,
		"( " LK_OID_BASE ".1.124 NAME 'olcLatchkeyAllProofs' "
		"DESC 'How many wrong proofs all clients together have in how many seconds (6000/60 where "
		"absent); 0: any number.' "
		"EQUALITY caseExactMatch SYNTAX " STRING_SYNTAX " SINGLE-VALUE )",
		NULL, NULL},
	{NULL, NULL, 0, 0, 0, ARG_IGNORED}};

ConfigOCs lk_config_classes[] = {{"( " LK_OID_BASE ".2.100 NAME 'olcLatchkeyConfig' "
								  "DESC 'Latchkey on one database.' SUP olcOverlayConfig "
								  "MAY ( olcLatchkeyPolicyBase $ olcLatchkeyMailerKey $ olcLatchkeyMailer $ "
								  "olcLatchkeyReader $ olcLatchkeyKeyFile $ olcLatchkeySelfServiceOnly $ "
								  "olcLatchkeyMinSSF $ olcLatchkeyPasswordAttribute $ olcLatchkeyPortalDN $ "
								  "olcLatchkeyClientRequests $ olcLatchkeyAllRequests $ "
								  "olcLatchkeyClientProofs $ olcLatchkeyAllProofs ) )",
									 Cft_Overlay, config_table},
	{NULL, 0, NULL}};

static int refuse(ConfigArgs *c, const char *why)
{
	snprintf(c->cr_msg, sizeof c->cr_msg, "%s: %s", c->argv[0], why);
	lk_warn("%s", c->cr_msg);
	return ARG_BAD_CONF;
}

/* The list pair of a multi-valued DN attribute, or NULL. */
static BerVarray *dn_list(struct lk_instance *instance, int type, BerVarray **ret_normalized)
{
	switch (type) {
	case CONFIG_MAILER:
		*ret_normalized = &instance->nmailers;
		return &instance->mailers;
	case CONFIG_READER:
		*ret_normalized = &instance->nreaders;
		return &instance->readers;
	case CONFIG_PORTAL:
		*ret_normalized = &instance->nportals;
		return &instance->portals;
	case CONFIG_SELF_SERVICE_ONLY:
		*ret_normalized = &instance->nself_service_only;
		return &instance->self_service_only;
	default:
		return NULL;
	}
}

/* A limit, and as what it is written where it is the default; or NULL. */
static struct lk_rate *rate_of(struct lk_instance *instance, int type, const char **ret_default)
{
	enum lk_limited what =
		type == CONFIG_CLIENT_REQUESTS || type == CONFIG_ALL_REQUESTS ? LK_LIMITED_REQUESTS : LK_LIMITED_PROOFS;
	bool of_all = type == CONFIG_ALL_REQUESTS || type == CONFIG_ALL_PROOFS;

	if (type < CONFIG_CLIENT_REQUESTS || type > CONFIG_ALL_PROOFS)
		return NULL;
	*ret_default = lk_limits_defaults[what][of_all];
	return of_all ? &instance->limits[what].all : &instance->limits[what].client;
}

static void set_default_rate(struct lk_rate *rate, const char *text)
{
	struct berval value;

	ber_str2bv(text, 0, 0, &value);
	lk_rate_parse(&value, rate);
}

void lk_config_defaults(struct lk_instance *instance)
{
	const char *text;

	instance->min_ssf = MIN_SSF_DEFAULT;
	for (int type = CONFIG_CLIENT_REQUESTS; type <= CONFIG_ALL_PROOFS; type++) {
		struct lk_rate *rate = rate_of(instance, type, &text);

		set_default_rate(rate, text);
	}
}

static int emit_rate(ConfigArgs *c, const struct lk_rate *rate, const char *normal)
{
	char text[LK_RATE_TEXT];
	struct berval value;

	lk_rate_format(rate, text);
	if (!strcmp(text, normal))
		return 1;
	ber_str2bv(text, 0, 0, &value);
	value_add_one(&c->rvalue_vals, &value);
	return 0;
}

static int set_rate(ConfigArgs *c, struct lk_rate *rate)
{
	struct berval value;

	ber_str2bv(c->argv[1], 0, 0, &value);
	return lk_rate_parse(&value, rate) ? 0 : refuse(c, "neither COUNT/SECONDS, such as 60/600, nor 0 for no limit");
}

/* The values of an X-ORDERED attribute are shown with their places. */
static void emit_keys(ConfigArgs *c, BerVarray keys)
{
	char text[LK_KEY_TEXT + 16];
	struct berval value = {0, text};

	for (int i = 0; !BER_BVISNULL(&keys[i]); i++) {
		value.bv_len = (ber_len_t)snprintf(text, sizeof text, "{%d}%s", i, keys[i].bv_val);
		value_add_one(&c->rvalue_vals, &value);
	}
}

static int emit(ConfigArgs *c, struct lk_instance *instance)
{
	BerVarray *normalized, *list = dn_list(instance, c->type, &normalized);
	const char *normal;
	const struct lk_rate *rate = rate_of(instance, c->type, &normal);

	if (rate)
		return emit_rate(c, rate, normal);
	if (list) {
		if (!*list)
			return 1;
		value_add(&c->rvalue_vals, *list);
		value_add(&c->rvalue_nvals, *normalized);
		return 0;
	}
	switch (c->type) {
	case CONFIG_POLICY_BASE:
		if (BER_BVISNULL(&instance->policy_base))
			return 1;
		value_add_one(&c->rvalue_vals, &instance->policy_base);
		value_add_one(&c->rvalue_nvals, &instance->policy_nbase);
		return 0;
	case CONFIG_MAILER_KEY:
		if (!instance->mailer_keys)
			return 1;
		emit_keys(c, instance->mailer_keys);
		return 0;
	case CONFIG_PASSWORD_ATTRIBUTE:
		if (!instance->password_attributes)
			return 1;
		value_add(&c->rvalue_vals, instance->password_attributes);
		return 0;
	case CONFIG_KEY_FILE:
		c->value_string = instance->key_file ? ch_strdup(instance->key_file) : NULL;
		return instance->key_file ? 0 : 1;
	case CONFIG_MIN_SSF:
		c->value_uint = instance->min_ssf;
		return instance->min_ssf == MIN_SSF_DEFAULT ? 1 : 0;
	default:
		return 1;
	}
}

/* Removes value INDEX of LIST, or all of them. */
static void list_remove(BerVarray *list, int index)
{
	int i = index;

	if (!*list)
		return;
	if (index < 0) {
		ber_bvarray_free(*list);
		*list = NULL;
		return;
	}
	ch_free((*list)[i].bv_val);
	for (; !BER_BVISNULL(&(*list)[i]); i++)
		(*list)[i] = (*list)[i + 1];
	if (BER_BVISNULL(&(*list)[0])) {
		ch_free(*list);
		*list = NULL;
	}
}

static int clear(ConfigArgs *c, struct lk_instance *instance)
{
	BerVarray *normalized, *list = dn_list(instance, c->type, &normalized);
	const char *normal;
	struct lk_rate *rate = rate_of(instance, c->type, &normal);

	if (rate)
		set_default_rate(rate, normal);
	if (list) {
		list_remove(list, c->valx);
		list_remove(normalized, c->valx);
		return 0;
	}
	switch (c->type) {
	case CONFIG_POLICY_BASE:
		ch_free(instance->policy_base.bv_val);
		ch_free(instance->policy_nbase.bv_val);
		BER_BVZERO(&instance->policy_base);
		BER_BVZERO(&instance->policy_nbase);
		break;
	case CONFIG_MAILER_KEY:
		list_remove(&instance->mailer_keys, c->valx);
		break;
	case CONFIG_PASSWORD_ATTRIBUTE:
		list_remove(&instance->password_attributes, c->valx);
		break;
	case CONFIG_KEY_FILE:
		ch_free(instance->key_file);
		instance->key_file = NULL;
		sodium_free(instance->key);
		instance->key = NULL;
		break;
	case CONFIG_MIN_SSF:
		instance->min_ssf = MIN_SSF_DEFAULT;
		break;
	}
	return 0;
}

/* Inserts VALUE at INDEX, or at the end; takes it over. */
static void list_insert(BerVarray *list, const struct berval *value, int index)
{
	size_t count = 0;

	while (*list && !BER_BVISNULL(&(*list)[count]))
		count++;
	*list = ch_realloc(*list, (count + 2) * sizeof **list);
	BER_BVZERO(&(*list)[count + 1]);
	if (index < 0 || (size_t)index > count)
		index = (int)count;
	for (size_t i = count; i > (size_t)index; i--)
		(*list)[i] = (*list)[i - 1];
	(*list)[index] = *value;
}

static int set_mailer_key(ConfigArgs *c, struct lk_instance *instance)
{
	unsigned char key[LK_KEY_BYTES];
	struct berval value, copy;

	ber_str2bv(c->argv[1], 0, 0, &value);
	if (lk_key_parse(&value, key) != LK_OK)
		return refuse(c, "not a public key (44 characters of base64, as latchkey-mailer keygen prints them)");
	ber_dupbv(&copy, &value);
	list_insert(&instance->mailer_keys, &copy, c->valx);
	return 0;
}

static int set_password_attribute(ConfigArgs *c, struct lk_instance *instance)
{
	AttributeDescription *ad = NULL;
	struct berval copy;
	const char *text;

	if (slap_str2ad(c->argv[1], &ad, &text) != LDAP_SUCCESS)
		return refuse(c, "no attribute of this name is known");
	ber_dupbv(&copy, &ad->ad_cname);
	list_insert(&instance->password_attributes, &copy, c->valx);
	return 0;
}

/* Takes the path over, and what the file holds. */
static int set_key_file(ConfigArgs *c, struct lk_instance *instance)
{
	unsigned char *key;
	const char *problem = lk_key_file_load(c->value_string, &key);

	if (problem) {
		ch_free(c->value_string);
		return refuse(c, problem);
	}
	ch_free(instance->key_file);
	sodium_free(instance->key);
	instance->key_file = c->value_string;
	instance->key = key;
	return 0;
}

static int set(ConfigArgs *c, struct lk_instance *instance)
{
	BerVarray *normalized, *list = dn_list(instance, c->type, &normalized);
	const char *normal;
	struct lk_rate *rate = rate_of(instance, c->type, &normal);

	if (rate)
		return set_rate(c, rate);
	if (list) {
		list_insert(list, &c->value_dn, c->valx);
		list_insert(normalized, &c->value_ndn, c->valx);
		return 0;
	}
	switch (c->type) {
	case CONFIG_POLICY_BASE:
		clear(c, instance);
		instance->policy_base = c->value_dn;
		instance->policy_nbase = c->value_ndn;
		return 0;
	case CONFIG_MAILER_KEY:
		return set_mailer_key(c, instance);
	case CONFIG_PASSWORD_ATTRIBUTE:
		return set_password_attribute(c, instance);
	case CONFIG_KEY_FILE:
		return set_key_file(c, instance);
	case CONFIG_MIN_SSF:
		instance->min_ssf = c->value_uint;
		return 0;
	default:
		return ARG_BAD_CONF;
	}
}

/* slapd calls this with the thread pool paused. */
static int configure(ConfigArgs *c)
{
	slap_overinst *on = (slap_overinst *)c->bi;
	struct lk_instance *instance = on->on_bi.bi_private;
	int rc;

	if (c->op == SLAP_CONFIG_EMIT)
		return emit(c, instance);
	lk_snapshot_invalidate();
	rc = c->op == LDAP_MOD_DELETE ? clear(c, instance) : set(c, instance);
	lk_schema_find_credentials(instance);
	return rc;
}
