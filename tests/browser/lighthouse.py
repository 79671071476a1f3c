"""Lighthouse on every kind of public page of a running demo, at its mobile settings: `make lighthouse`.

Needs Node.js with npm, which fetches Lighthouse into test-results/ the first time, and a Chromium.

Prints a table: the four scores, the largest paint, how far the layout shifts, what is sent, and how much of it is
script. The exit code is 1 if a score is under 95, a page sends more than 150 kB or 40 kB of script, or anything shifts.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

LIGHTHOUSE = "lighthouse@12.8.2"
PLACE = Path(__file__).parents[2] / "test-results" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
MOST_KB = 150
MOST_SCRIPT_KB = 40
STORY = "/stories/huawei-5g/"
CHROMIUM = (
    "--headless --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    address = parser.parse_args().address.rstrip("/")
    program = installed()
    print(
        f"{'page':<52}{'perf':>5}{'acc':>5}{'best':>5}{'seo':>5}{'LCP s':>7}{'CLS':>6}{'kB':>6}{'script':>8}"
    )
    is_good = True
    for path in paths(address):
        found = measured(program, f"{address}{path}")
        is_good &= tell(path, found)
    return 0 if is_good else 1


def installed() -> Path:
    program = PLACE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if not shutil.which("npm"):
            raise SystemExit("Lighthouse needs Node.js with npm. Install them, then run this again.")
        PLACE.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-save", "--no-package-lock", "--prefix", str(PLACE), LIGHTHOUSE]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    return program


def paths(address: str) -> list[str]:
    """One page of each kind; those with keys in their addresses are found by links."""
    story, claim = read(f"{address}{STORY}"), f"{STORY}claims/risk-to-allies/"
    article = first(r"/stories/huawei-5g/articles/\d+/", story)
    quote = first(r"/quotes/[0-9a-f-]{36}/", read(f"{address}{claim}"))
    known = ["/", STORY, f"{STORY}coverage/", f"{STORY}network/", f"{STORY}corrections/", claim]
    outlet = first(r"/outlets/[\w-]+/", read(f"{address}/outlets/"))
    lists = ["/actors/", "/actors/mike-pompeo/", "/outlets/", outlet, "/search/"]
    return [*known, article, quote, *lists]


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        text: str = response.read().decode()
    return text


def first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"No page links to {pattern}: is the sample story loaded?")
    return found[0]


def measured(program: Path, url: str) -> dict[str, Any]:
    flags = CHROMIUM + (" --no-sandbox" if os.geteuid() == 0 else "")
    environment = dict(os.environ)
    if chromium := shutil.which("chromium"):
        environment["CHROME_PATH"] = chromium
    report = PLACE / "report.json"
    command = [
        str(program),
        url,
        "--quiet",
        f"--chrome-flags={flags}",
        "--output=json",
        f"--output-path={report}",
    ]
    subprocess.run(command, check=True, env=environment, timeout=180)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def tell(path: str, found: dict[str, Any]) -> bool:
    """Print a line; whether the page keeps to the limits."""
    scores = [round(100 * found["categories"][name]["score"]) for name in CATEGORIES]
    audits = found["audits"]
    paint = audits["largest-contentful-paint"]["numericValue"] / 1000
    shift = audits["cumulative-layout-shift"]["numericValue"]
    requests = audits["network-requests"]["details"]["items"]
    sent = sum(one["transferSize"] for one in requests) / 1000
    script = sum(one["transferSize"] for one in requests if one["resourceType"] == "Script") / 1000
    line = f"{path:<52}" + "".join(f"{score:>5}" for score in scores)
    print(f"{line}{paint:>7.1f}{shift:>6.2f}{sent:>6.0f}{script:>8.0f}")
    return min(scores) >= LEAST and not shift and sent <= MOST_KB and script <= MOST_SCRIPT_KB


if __name__ == "__main__":
    sys.exit(main())
