"""Whatever stands in the directory, and however little room there is, one message fails or waits with a reason that can be
understood, and the others go on."""

import os
import time
from pathlib import Path

import ldap
import pytest

from latchkey_testing import mails, organization, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.mailed import Mailed
from latchkey_testing.organization import KIM, LEE, MANAGED, person
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.waiting import wait_for

BAD = f"uid=bad,{MANAGED}"
NAMES = {
    "10 kB": "x" * 10_240,
    "10 kB of syllables": "길" * 3_413,
    "10 kB of one cluster": "a" + "\u0301" * 5_000,
    "line breaks": "Kim\r\nBcc: eve@example.net\r\n\r\nbody",
    "controls": "Kim\x01\x07\x1b[31m\x7f\u0085",
    "bidi": "\u202emoc.elpmaxe@evE\u202c \u2066x\u2069 \u200f\u061c",
    "quotes": '"Kim" \'x\' \\ `id` $(id)',
    "commas": "Kim, Eve <eve@example.net>, ;:()[]@",
    "markup": "</p><script>alert(1)</script><img src=x onerror=alert(2)>{secret}{?name}",
    "encoded words": "=?utf-8?q?=0D=0ABcc:_eve?= =?utf-8?b?ZXZl?=",
    "separators": "Kim\u2028Bcc: eve@example.net\u2029x",
    "noncharacters": "\ufffe\uffff\U0010ffff\ufeff",
}


@pytest.fixture
def mailed(make_slapd, tmp_path):
    """A function that makes a directory with one more person, as given, and a mailer that serves it."""
    made = []

    def make(**attributes) -> Mailed:
        held = [*organization.entries(latchkeyTell="nothing", latchkeyOrganization=attributes.pop("organization", "Ours")),
                person("bad", MANAGED, "Bad", **attributes)]
        made.append(Mailed(make_slapd, tmp_path, lambda _key: held))
        return made[0]

    yield make
    made[0].mailer.check()


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_stays_a_name(mailed, name):
    """Of the person, and of the organization: a mail with one sender, one recipient and no header more."""
    made = mailed(displayName=name, cn="x", organization=name)
    passwords = {BAD: made.reset(BAD), KIM: made.reset(KIM)}
    made.mailer.once()
    assert {made.message(user)["state"] for user in passwords} == {"sent"}
    found = {mail["To"].addresses[0].addr_spec: mail for mail in made.mailer.mails()}
    assert sorted(found) == ["bad@example.net", "kim@example.net"]
    ours, kims = found["bad@example.net"], found["kim@example.net"]
    assert ours.keys() == kims.keys() and len(ours["To"].addresses) == len(ours["From"].addresses) == 1
    assert ours["From"].addresses[0].addr_spec == made.mailer.address
    assert [defect for part in ours.walk() for defect in part.defects] == []
    assert mails.temporary_password_in(ours) == passwords[BAD]
    assert not any(mark in mails.text(ours) for mark in "\x01\x07\x1b\x7f\u0085\u202e\u2066\u200f\u061c\u2028\u2029")
    html = ours.get_body(("html",)).get_content()
    assert html.count("<script") == 0 and html.count("<img") == 0 and len(html) < 30_000


@pytest.mark.parametrize("address", [
    "kim@example.net\r\nBcc: eve@example.net", "kim@example.net, eve@example.net", "Kim <kim@example.net>",
    "a" * 10_240 + "@example.net", "kim@" + "a." * 5_000 + "net", "\u202ekim@example.net", "kim@example.net\x00",
    "\"kim eve\"@example.net", "kim@[192.0.2.1", "@example.net", "kim", "-Xkim@example.net -bs",
], ids=range(12))
def test_an_address_that_is_none_gets_no_mail(mailed, address):
    """It is refused where it is asked for, or passed over; nothing goes anywhere else."""
    made = mailed(latchkeyRecoveryAddress=address, mail=None)
    try:
        made.reset(BAD)
    except ldap.LDAPError:
        pass
    made.reset(KIM)
    made.mailer.once(check=False)
    assert made.message(KIM)["state"] == "sent"
    assert {mail["To"].addresses[0].addr_spec for mail in made.mailer.everything()} == {"kim@example.net"}


def make_due(made: Mailed, *users: str) -> None:
    """Has deferred messages tried again now."""
    connection = made.slapd.connect(MAILER_DN, MAILER_PASSWORD)
    now = time.strftime("%Y%m%d%H%M%SZ", time.gmtime())
    items = [wire.settlement(user, made.message(user)["id"], wire.DEFERRED, "", now) for user in users]
    wire.exop(connection, wire.NOTIFICATION_SETTLE, wire.settle(items))
    connection.unbind_s()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small file system")
def test_a_full_disk_keeps_the_messages(mailed):
    """In a maildir on a file system of its own, that is full at first."""
    made = mailed()
    mailer = made.mailer
    mailer.maildir.mkdir()
    mailer.through = ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs -o size=64k tmpfs '{mailer.maildir}' && "
                      f"{{ head -c 64k /dev/zero >'{mailer.maildir}/filler' || :; }} && mkdir '{mailer.maildir}/new' "
                      f"'{mailer.maildir}/tmp' && exec \"$@\"", "sh"]
    mailer.start()
    for user in (KIM, LEE):
        made.reset(user)
    wait_for(lambda: [made.message(user)["state"] for user in (KIM, LEE)] == ["deferred"] * 2)
    assert {made.message(user)["answer"] for user in (KIM, LEE)} == {
        "the maildir cannot be written: No space left on device"}
    inside = Path(f"/proc/{mailer.process.pid}/root{mailer.maildir}")
    assert not list((inside / "new").iterdir()), "nothing half-written"
    (inside / "filler").unlink()
    make_due(made, KIM, LEE)
    wait_for(lambda: [made.message(user)["state"] for user in (KIM, LEE)] == ["sent"] * 2)
    assert len(list((inside / "new").iterdir())) == 2
