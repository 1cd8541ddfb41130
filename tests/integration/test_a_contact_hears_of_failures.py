"""Whoever a policy names as its contact hears of messages that could not be delivered: whose they were and what the mail server
said, never what was in them, and in one mail an hour however many they are."""

from ldap import MOD_REPLACE

from latchkey_testing import mails, organization, recovery, serving, stored, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED_POLICY, person, sign_in
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.waiting import wait_for

DESK = "desk@example.com"
REFUSED = "550 5.1.1 No such user here"


def organized(**managed) -> list:
    return organization.entries(latchkeyTell="nothing", latchkeyContact=DESK, **managed)


def settle_all(slapd, state: int = wire.FAILED, answer: str = REFUSED) -> list[str]:
    """What a mailer says of all that is due; the holders."""
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    holders = []
    while taken := wire.taken(wire.exop(mailer, wire.NOTIFICATION_TAKE, wire.take(lease=60))):
        items = [wire.settlement(holder, wire.message_fields(message)["id"], state, answer)
                 for holder, message, _sealed in taken]
        assert set(wire.settled(wire.exop(mailer, wire.NOTIFICATION_SETTLE, wire.settle(items)))) == {0}
        holders += [holder for holder, _message, _sealed in taken]
    return holders


def reports(slapd, policy: str = MANAGED_POLICY) -> list[dict[str, str]]:
    """The messages to the contact, as they stand on the entry of the policy."""
    return serving.messages(slapd, policy)


def reset(slapd, *users: str) -> list[str]:
    """Gives each of USERS a temporary password; returns them."""
    admin = sign_in(slapd, GLOBAL_ADMIN)
    return [wire.password_modify(admin, user, control=wire.notify())[0] for user in users]


def test_the_mail_says_whose_and_why_and_no_secret(start, mailer):
    slapd = start(entries=organized(latchkeyDefaultLanguage="ko"))
    secrets = reset(slapd, KIM, LEE)
    settle_all(slapd)
    report, = wait_for(lambda: reports(slapd))
    assert (report["kind"], report["to"], report["state"]) == ("deliveryFailed", DESK, "queued")
    mailer.once()
    mail, = mailer.everything()
    assert (mail["Subject"], mail["To"]) == ("보내지 못한 메일 알림", DESK)
    said = mails.text(mail).replace("\r", "")
    assert "managed 정책에 속한 사용자에게 보내지 못한 메일이 있습니다.\n\n보내지 못한 메일: 2건\n" in said
    assert f"\n\nlee <lee@example.net>: {REFUSED}\nkim <kim@example.net>: {REFUSED}\n\n" in said
    assert not [secret for secret in secrets if secret in mail.as_string()]
    html = mail.get_body(("html",)).get_content()
    assert f"lee &lt;lee@example.net&gt;: {REFUSED}<br>" in html
    assert [each["state"] for each in reports(slapd)] == ["sent"]


def test_a_code_names_the_user_it_was_for(start, mailer):
    slapd = start(entries=organized())
    recovery.ask_and_wait(slapd, "kim")
    holder, = settle_all(slapd)
    assert holder.startswith("latchkeyRecoveryOf=")
    wait_for(lambda: reports(slapd))
    mailer.once()
    assert f"kim <kim@example.net>: {REFUSED}" in mails.text(mailer.everything()[-1])


MANY = 300


def test_an_outage_is_one_mail(start, mailer):
    """And what fails within the hour waits for the next, also after a restart."""
    people = [person(f"many{number}", organization.MANAGED, f"Many {number}") for number in range(MANY)]
    slapd = start(*people, entries=organized())
    slapd.root().modify_s(organization.SELF_POLICY, [(MOD_REPLACE, "latchkeyContact", [DESK.encode()])])
    reset(slapd, *(dn for dn, _attributes in people))
    assert len(settle_all(slapd)) == MANY
    wait_for(lambda: reports(slapd))
    mailer.once()
    assert f"How many: {MANY}\n" in mails.text(mailer.everything()[0])
    reset(slapd, KIM)
    settle_all(slapd)
    slapd.restart()
    reset(slapd, LEE)
    settle_all(slapd)
    recovery.ask_and_wait(slapd, "han")  # whose policy has told its contact of nothing yet
    settle_all(slapd)
    wait_for(lambda: reports(slapd, organization.SELF_POLICY))
    assert [each["state"] for each in reports(slapd)] == ["sent"]


def test_what_is_sent_or_tried_again_is_no_failure(start):
    slapd = start(entries=organized())
    reset(slapd, KIM)
    settle_all(slapd, wire.SENT, "250 Ok")
    reset(slapd, LEE)
    slapd.root().modify_s(organization.SELF_POLICY, [(MOD_REPLACE, "latchkeyContact", [DESK.encode()])])
    recovery.ask_and_wait(slapd, "han")
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    for holder, message, _sealed in wire.taken(wire.exop(mailer, wire.NOTIFICATION_TAKE, wire.take(lease=60))):
        failed = holder.startswith("latchkeyRecoveryOf=")
        item = wire.settlement(holder, wire.message_fields(message)["id"], wire.FAILED if failed else wire.DEFERRED,
                               REFUSED, None if failed else stored.moment(600))
        assert wire.settled(wire.exop(mailer, wire.NOTIFICATION_SETTLE, wire.settle([item]))) == [0]
    wait_for(lambda: reports(slapd, organization.SELF_POLICY))
    assert reports(slapd) == []
