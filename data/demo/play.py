#!/usr/bin/python3
"""Plays the main job of Latchkey on a directory of its own; see ./run."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

import organization
import story
from app import open_app
from latchkey_testing import places
from latchkey_testing.settings import ROOT_DN, ROOT_PASSWORD, SUFFIX
from narrator import StepFailed, _
from stage import Stage


def _explain(stage: Stage) -> None:
    """Lines to paste for those who want to go on by hand."""
    tell, parts = stage.narrator, stage.cast
    helper = parts.password_admin
    where = f"export LDAPURI={stage.slapd.uri} LATCHKEY_CATALOGS={places.CATALOGS}"
    tell.chapter(_("Go on by hand"))
    tell.say(_("The directory runs until you press Ctrl-C. In another terminal, paste any of these; new mails appear "
               "here."))
    tell.paste(_("First, where the directory and its tools are:"),
               where, f"export PATH={Path(places.program('latchkey')).parent}:$PATH")
    tell.paste(_("Ask for a code, and use it:"),
               f"latchkey recover request {parts.forgetful.login}",
               f"latchkey recover complete {parts.forgetful.login}")
    tell.paste(_("The same in a browser:"), stage.pages)
    tell.paste(_("The same with OpenLDAP's own tool (the old password that it asks for is the code):"),
               f"ldappasswd -x -A -S {parts.forgetful.dn}")
    tell.paste(_("Reset a password as the helpdesk (your password is {password}):"),
               f"latchkey -D {helper.dn} -W reset {parts.colleague.login}", password=helper.password)
    tell.paste(_("See what became of the mails about somebody:"),
               f"latchkey -D {helper.dn} -W status {parts.colleague.login} --base {organization.OFFICE}")
    tell.paste(_("Look around as the directory's root (the password is {password}):"),
               f"ldapsearch -x -D {ROOT_DN} -W -b {SUFFIX} '(objectClass=latchkeyPolicy)'", password=ROOT_PASSWORD)


def _keep_running(stage: Stage) -> None:
    """Shows new mails until Ctrl-C."""
    shown = len(stage.mailer.everything())
    try:
        while True:
            for mail in stage.mailer.everything()[shown:]:
                stage.narrator.mail(mail)
                shown += 1
            time.sleep(0.5)
    except KeyboardInterrupt:
        print()


def main() -> int:
    """Exit status 0 if every step gave what it should."""
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the story, even on a terminal")
    parser.add_argument("--headless", action="store_true", help="open no window")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that everything is taken down
    with tempfile.TemporaryDirectory(prefix="latchkey-demo-") as directory:
        try:
            with Stage(Path(directory)) as stage:
                story.play(stage)
                if not options.once and sys.stdin.isatty() and sys.stdout.isatty():
                    _explain(stage)
                    app = open_app(stage, Path(directory), options.headless)
                    try:
                        _keep_running(stage)
                    finally:
                        if app:
                            app.terminate()
                            app.wait()
        except (StepFailed, AssertionError) as failure:
            print("\n" + _("A step did not give what it should: {what}").format(what=failure), file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
