#!/usr/bin/python3
"""Pictures of every mail in each language, as Chromium shows it: on a telephone and on a desktop, in light and in dark, whole and
beside it as webmail shows it, without <style> and <head>. For somebody to look at; it fails where a mail is wider than its window."""

import argparse
import html
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "ko")
WIDTHS = {360: 2, 800: 1}  # pixels of a window, and how many pairs stand in a row
PAIRS = 4  # in a picture
SCHEMES = {"light": 1, "dark": 0}  # as Chromium numbers them
# What a webmail's own page is like.
PAGE = {"light": "background: #fff; color: #222", "dark": "background: #1f1f1f; color: #e3e3e3"}
CONFIGURATION = """\
[directory]
uri=ldapi:///
mech=EXTERNAL
[keys]
file=none
[maildir]
path=none
[mail]
from=latchkey@example.org
templates={templates}
catalogs={catalogs}
"""
SHEET = """\
<!DOCTYPE html><meta charset="utf-8">
<style>body {{ margin: 8px; background: #777; font: 13px sans-serif; width: {width}px }}
figure {{ display: inline-block; vertical-align: top; margin: 4px; background: Canvas }}
iframe {{ border: 0; display: block }} figcaption {{ background: #ffd; color: #000; padding: 2px 6px }}
.wide {{ outline: 4px solid red }}</style>
{frames}
<script>
onload = () => document.querySelectorAll("iframe").forEach(frame => {{
  const page = frame.contentDocument.documentElement;
  frame.style.height = page.scrollHeight + "px";
  if (page.scrollWidth > page.clientWidth) frame.parentNode.className = "wide";
}});
</script>
"""


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help="where the pictures go")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--kind", action="append", help="of these kinds alone")
    return parser.parse_args()


def preview(build: Path, configuration: Path, kind: str, language: str) -> str:
    """The HTML of a mail, about nobody."""
    command = [build / "plugin/mailer/latchkey-mailer", "preview", kind, "--config", configuration, "--lang", language,
               "--as", "html"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def stripped(mail: str, scheme: str) -> str:
    """What is left of it in a webmail."""
    body = re.search(r"<body[^>]*>(.*)</body>", mail, re.DOTALL).group(1)
    return f'<meta name="color-scheme" content="{scheme}"><body style="{PAGE[scheme]}">{body}'


def frame(mail: str, width: int, caption: str) -> str:
    """One mail in a window of its own."""
    return (f'<figure><figcaption>{caption}</figcaption>'
            f'<iframe width="{width}" srcdoc="{html.escape(mail)}"></iframe></figure>')


def sheet(mails: dict[str, str], width: int, scheme: str) -> str:
    """A page with each of MAILS, by its kind, and what webmail leaves of it."""
    frames = "".join(frame(mail, width, kind) + frame(stripped(mail, scheme), width, f"{kind}, in a webmail")
                     for kind, mail in mails.items())
    return SHEET.format(width=2 * WIDTHS[width] * (width + 12), frames=frames)


def show(page: Path, picture: Path, width: int, scheme: str) -> str:
    """Makes PICTURE of PAGE; returns its document afterwards."""
    size = f"{2 * WIDTHS[width] * (width + 12) + 16},{2300 if width > 500 else 1500}"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
               f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}", f"--window-size={size}", f"--screenshot={picture}",
               "--dump-dom", page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def render(page: Path, picture: Path, width: int, scheme: str) -> bool:
    """Makes PICTURE of PAGE. False where a mail on it is too wide."""
    is_wide = 'class="wide"' in show(page, picture, width, scheme)
    print(f"{picture}{': a mail is wider than its window' if is_wide else ''}")
    return not is_wide


def main() -> int:
    """Renders all of them; 1 where one is too wide."""
    options = parse()
    kinds = options.kind or sorted({file.name.split(".")[0] for file in (ROOT / "data/mail").glob("*.*.txt")})
    options.directory.mkdir(parents=True, exist_ok=True)
    good = True
    with tempfile.TemporaryDirectory() as place:
        configuration, page = Path(place, "mailer.conf"), Path(place, "sheet.html")
        configuration.write_text(CONFIGURATION.format(templates=ROOT / "data/mail", catalogs=options.build / "po"))
        for language in LANGUAGES:
            mails = {kind: preview(options.build, configuration, kind, language) for kind in kinds}
            for width, scheme, first in ((width, scheme, first) for width in WIDTHS for scheme in SCHEMES
                                         for first in range(0, len(kinds), PAIRS)):
                some = dict(list(mails.items())[first:first + PAIRS])
                page.write_text(sheet(some, width, scheme), encoding="utf-8")
                picture = options.directory.resolve() / f"{language}-{width}-{scheme}-{first // PAIRS + 1}.png"
                good = render(page, picture, width, scheme) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
