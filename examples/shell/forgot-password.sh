#!/bin/sh
# "Forgot password" with OpenLDAP's own tools and nothing else.
#
#   forgot-password.sh URI request USER     asks for a code
#   forgot-password.sh URI complete USER    reads the code and a new password from standard input, a line each
#   forgot-password.sh URI sign-in DN       reads a password, and a new one for where the directory wants it changed first
#
# To keep the password and only lift a lock, use `latchkey recover complete --keep-password`: ldapexop would take the code as an
# argument, which everybody on the machine can read.
set -eu
umask 077
uri=$1 step=$2 user=$3
base=2.25.4409265514517189818853936711966505072
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A line without its end, as a file that ldappasswd and ldapsearch read whole.
read_secret() {
	IFS= read -r line || true
	printf %s "$line" >"$work/$1"
	line=
}

# SEQUENCE { user [0] OCTET STRING }, for names of up to 125 octets.
recovery_request() {
	length=$(printf %s "$1" | wc -c)
	[ "$length" -le 125 ] || { echo 'The name is too long.' >&2; exit 2; }
	printf "\\060\\$(printf %03o $((length + 2)))\\200\\$(printf %03o "$length")%s" "$1"
}

case $step in
request)
	ldapexop -x -H "$uri" "$base.3.1::$(recovery_request "$user" | base64 -w 0)" >/dev/null
	echo 'If this account exists, a code is on its way.'
	;;
complete)
	read_secret code
	read_secret new
	# Anonymous, with the code in the place of the old password (RFC 3062).
	if ldappasswd -x -H "$uri" -t "$work/code" -T "$work/new" "$user"; then
		echo 'You can sign in again.'
	else
		echo 'This was not accepted.'
		exit 1
	fi
	;;
sign-in)
	read_secret old
	read_secret new
	status=0
	ldapsearch -x -H "$uri" -D "$user" -y "$work/old" -b "$user" -s base 1.1 >/dev/null || status=$?
	if [ "$status" -eq 50 ] && [ -s "$work/new" ]; then
		ldappasswd -x -H "$uri" -D "$user" -y "$work/old" -t "$work/old" -T "$work/new"
		echo 'The password had to be changed first, and was.'
	elif [ "$status" -eq 0 ]; then
		echo 'Signed in.'
	else
		exit 1
	fi
	;;
*)
	echo 'usage: forgot-password.sh URI request|complete|sign-in USER' >&2
	exit 2
	;;
esac
