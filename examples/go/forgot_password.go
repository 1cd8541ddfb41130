// "Forgot password" with github.com/go-ldap/ldap/v3 and github.com/go-asn1-ber/asn1-ber. This one is for reading: the tests do not
// run it.
package forgotpassword

import (
	"errors"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

const base = "2.25.4409265514517189818853936711966505072"

// Methods of proofs.
const (
	Mail         = 0 // a mailed code
	TOTP         = 1 // what an authenticator app shows
	RecoveryCode = 2 // a printed recovery code
)

var (
	ErrNotAccepted = errors.New("the code is mistyped, too old, used, or somebody else's")
	ErrPassword    = errors.New("the password policy refuses the new password")
)

func text(tag ber.Tag, value string) *ber.Packet {
	return ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, value, "")
}

// Request has a code mailed to user. The answer is the same whether or not there is such a user: say the same to everybody.
// The connection is ldaps://, or StartTLS came first; nobody needs to be signed in.
func Request(connection *ldap.Conn, user, locale string) error {
	value := ber.NewSequence("RecoveryRequestValue")
	value.AppendChild(text(0, user))
	value.AppendChild(text(1, locale))
	_, err := connection.Extended(ldap.NewExtendedRequest(base+".3.1", value))
	return err
}

// Complete ends a recovery. Without a new password the one that there is stays, and the lock of failed sign-ins is lifted.
func Complete(connection *ldap.Conn, user string, method int64, code, newPassword string) error {
	proof := ber.NewSequence("proof")
	proof.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, method, "method"))
	proof.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, code, "proof"))
	proofs := ber.Encode(ber.ClassContext, ber.TypeConstructed, 1, nil, "proofs")
	proofs.AppendChild(proof)
	value := ber.NewSequence("RecoveryCompleteValue")
	value.AppendChild(text(0, user))
	value.AppendChild(proofs)
	if newPassword != "" {
		value.AppendChild(text(2, newPassword))
	}
	_, err := connection.Extended(ldap.NewExtendedRequest(base+".3.2", value))
	switch {
	case ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidCredentials):
		return ErrNotAccepted
	case ldap.IsErrorWithCode(err, ldap.LDAPResultConstraintViolation):
		return ErrPassword
	}
	return err
}

// CompleteAsPasswordModify does the same with RFC 3062 alone: the code stands in the place of the old password.
func CompleteAsPasswordModify(connection *ldap.Conn, user, code, newPassword string) error {
	_, err := connection.PasswordModify(ldap.NewPasswordModifyRequest(user, code, newPassword))
	return err
}

// SignIn tells whether the password has to be changed before anything else (a temporary one).
func SignIn(connection *ldap.Conn, dn, password string) (mustChange bool, err error) {
	request := ldap.NewSimpleBindRequest(dn, password, []ldap.Control{ldap.NewControlBeheraPasswordPolicy()})
	result, err := connection.SimpleBind(request)
	if err != nil {
		return false, err
	}
	control, found := ldap.FindControl(result.Controls, ldap.ControlTypeBeheraPasswordPolicy).(*ldap.ControlBeheraPasswordPolicy)
	return found && control.Error == 2, nil
}
