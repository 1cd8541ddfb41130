<?php
/* "Forgot password" with PHP's ldap extension (7.3 or later).
 *
 *   php forgot-password.php URI request USER     asks for a code
 *   php forgot-password.php URI complete USER    reads the code and a new password from standard input, a line each; without a
 *                                                second line the password stays, and the lock of failed sign-ins is lifted
 *   php forgot-password.php URI sign-in DN       reads a password, and a new one for where the directory wants it changed first */

declare(strict_types=1);

const BASE = '2.25.4409265514517189818853936711966505072';
const METHOD_MAIL = 0; // 1: an authenticator app, 2: a printed recovery code
const CHANGE_AFTER_RESET = 2; // of the password policy's response
const INVALID_CREDENTIALS = 49;
const CONSTRAINT_VIOLATION = 19;

/* A tag, the length, and the octets (BER, definite form). */
function element(int $tag, string $content): string
{
    $size = strlen($content);
    return chr($tag) . ($size < 128 ? chr($size) : "\x82" . pack('n', $size)) . $content;
}

/* SEQUENCE { user [0], locale [1] } */
function recovery_request(string $user, string $locale): string
{
    return element(0x30, element(0x80, $user) . element(0x81, $locale));
}

/* SEQUENCE { user [0], proofs [1] SEQUENCE OF { method ENUMERATED, proof OCTET STRING }, newPassword [2] OPTIONAL } */
function recovery_complete(string $user, string $code, string $new): string
{
    $proof = element(0x30, element(0x0a, chr(METHOD_MAIL)) . element(0x04, $code));
    return element(0x30, element(0x80, $user) . element(0xa1, $proof) . ($new === '' ? '' : element(0x82, $new)));
}

/* Use ldaps://, or ldap_start_tls() before anything else. */
function connect(string $uri)
{
    $ldap = ldap_connect($uri);
    ldap_set_option($ldap, LDAP_OPT_PROTOCOL_VERSION, 3);
    ldap_set_option($ldap, LDAP_OPT_REFERRALS, 0);
    ldap_set_option($ldap, LDAP_OPT_NETWORK_TIMEOUT, 10);
    return $ldap;
}

function say($ldap, bool $done, string $sentence): int
{
    ldap_get_option($ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, $words);
    if ($done) {
        echo $sentence, "\n";
    } elseif (ldap_errno($ldap) === INVALID_CREDENTIALS) {
        echo "This was not accepted: mistyped, too old, used, or somebody else's.\n";
    } elseif (ldap_errno($ldap) === CONSTRAINT_VIOLATION) {
        echo "The new password is refused: $words\n";
    } else {
        echo ldap_error($ldap), " ($words)\n";
    }
    return $done ? 0 : 1;
}

/* With a place for the answer's value PHP waits for the answer, and returns whether it was success; without one it returns at once,
 * and a refusal goes unseen. */
function exop($ldap, string $oid, string $value): bool
{
    return @ldap_exop($ldap, $oid, $value, null, $answer, $answer_oid) !== false;
}

/* The answer is the same for everybody. */
function request($ldap, string $user): int
{
    return say($ldap, exop($ldap, BASE . '.3.1', recovery_request($user, 'en')),
        'If this account exists, a code is on its way.');
}

/* The same with ldap_exop_passwd($ldap, $user, $code, $new), where a new password is wanted. */
function complete($ldap, string $user, string $code, string $new): int
{
    return say($ldap, exop($ldap, BASE . '.3.2', recovery_complete($user, $code, $new)),
        'You can sign in again.');
}

/* The bind with a temporary password succeeds; the password policy's control says what it is. */
function sign_in($ldap, string $dn, string $password, string $new): int
{
    $result = @ldap_bind_ext($ldap, $dn, $password, [['oid' => LDAP_CONTROL_PASSWORDPOLICYREQUEST]]);
    $controls = [];
    if ($result === false || !ldap_parse_result($ldap, $result, $code, $matched, $words, $referrals, $controls) || $code !== 0) {
        echo "This was not accepted.\n";
        return 1;
    }
    $error = $controls[LDAP_CONTROL_PASSWORDPOLICYRESPONSE]['value']['error'] ?? null;
    if ($error !== CHANGE_AFTER_RESET || $new === '') {
        return say($ldap, true, $error === CHANGE_AFTER_RESET ? 'The password has to be changed first.' : 'Signed in.');
    }
    return say($ldap, @ldap_exop_passwd($ldap, '', $password, $new) !== false,
        'The password had to be changed first, and was.');
}

[, $uri, $step, $user] = $argv;
$ldap = connect($uri);
if ($step === 'request') {
    exit(request($ldap, $user));
}
$first = rtrim((string) fgets(STDIN), "\r\n");
$second = rtrim((string) fgets(STDIN), "\r\n");
exit($step === 'complete' ? complete($ldap, $user, $first, $second) : sign_in($ldap, $user, $first, $second));
