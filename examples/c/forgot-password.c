/* "Forgot password" in an application of its own, with liblatchkey.
 *
 *   cc -o forgot-password forgot-password.c $(pkg-config --cflags --libs latchkey)
 *
 *   forgot-password URI request USER     asks for a code
 *   forgot-password URI complete USER    reads the code and a new password from standard input, a line each; without a second
 *                                        line the password stays, and the lock of failed sign-ins is lifted
 *   forgot-password URI sign-in DN       reads a password, and a new one for where the directory wants it changed first */
#include <latchkey.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

static char first[1024], second[1024];

/* What was typed is in memory only as long as it is needed. */
static void erase(void)
{
	explicit_bzero(first, sizeof first);
	explicit_bzero(second, sizeof second);
}

static void read_line(char *line, size_t size)
{
	if (fgets(line, (int)size, stdin) == NULL)
		*line = '\0';
	line[strcspn(line, "\r\n")] = '\0';
}

static LDAP *connect_to(const char *uri)
{
	const int version = LDAP_VERSION3;
	const struct timeval patience = {.tv_sec = 10};
	LDAP *ld = NULL;

	if (ldap_initialize(&ld, uri) != LDAP_SUCCESS)
		return NULL;
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	ldap_set_option(ld, LDAP_OPT_NETWORK_TIMEOUT, &patience);
	ldap_set_option(ld, LDAP_OPT_TIMEOUT, &patience);
	return ld;
}

static int say(LDAP *ld, int rc, const char *done)
{
	char *words = lk_client_diagnostic(ld);

	if (rc == LDAP_SUCCESS)
		puts(done);
	else if (rc == LDAP_INVALID_CREDENTIALS)
		puts("This was not accepted: mistyped, too old, used, or somebody else's.");
	else if (rc == LDAP_CONSTRAINT_VIOLATION)
		printf("The new password is refused: %s\n", words == NULL ? "choose another one" : words);
	else
		printf("%s (%s)\n", ldap_err2string(rc), words == NULL ? "no more is known" : words);
	ldap_memfree(words);
	return rc == LDAP_SUCCESS ? 0 : 1;
}

static int request(LDAP *ld, const char *user)
{
	/* The same answer for everybody, so say the same to everybody. */
	return say(ld, lk_client_recovery_request(ld, user, "en"), "If this account exists, a code is on its way.");
}

static int complete(LDAP *ld, const char *user)
{
	struct lk_client_typed typed;

	/* The code is found in whatever was typed or pasted. */
	lk_client_typed_read(first, &typed);
	if (*typed.code == '\0') {
		puts("There is no code in this.");
		return 1;
	}
	struct lk_client_proof proof = {lk_client_method_of(typed.code), typed.code};
	int rc = lk_client_recovery_complete(ld, user, &proof, 1, *second == '\0' ? NULL : second);
	explicit_bzero(&typed, sizeof typed);
	return say(ld, rc, "You can sign in again.");
}

/* Where the password is temporary, everything but changing it is refused with 50 (insufficient access). */
static int sign_in(LDAP *ld, const char *dn)
{
	int rc = lk_client_sign_in(ld, dn, first);
	LDAPMessage *entry = NULL;

	if (rc == LDAP_SUCCESS)
		rc = ldap_search_ext_s(ld, dn, LDAP_SCOPE_BASE, "(objectClass=*)", NULL, 0, NULL, NULL, NULL, 1, &entry);
	ldap_msgfree(entry);
	if (rc != LDAP_INSUFFICIENT_ACCESS || *second == '\0')
		return say(ld, rc, "Signed in.");
	return say(ld, lk_client_change_password(ld, first, second), "The password had to be changed first, and was.");
}

int main(int argc, char **argv)
{
	LDAP *ld = argc == 4 ? connect_to(argv[1]) : NULL;
	int status = 2;

	signal(SIGPIPE, SIG_IGN);
	if (ld == NULL) {
		fputs("usage: forgot-password URI request|complete|sign-in USER\n", stderr);
		return 2;
	}
	if (strcmp(argv[2], "request") == 0) {
		status = request(ld, argv[3]);
	} else {
		read_line(first, sizeof first);
		read_line(second, sizeof second);
		status = strcmp(argv[2], "complete") == 0 ? complete(ld, argv[3]) : sign_in(ld, argv[3]);
	}
	erase();
	ldap_unbind_ext(ld, NULL, NULL);
	return status;
}
