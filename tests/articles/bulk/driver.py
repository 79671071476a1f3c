"""Run as a process of its own: uploads, orders and works on imports, so that it can be killed.

upload FILE      prints the number of the import
apply NUMBER
work             a real worker: takes back what the last one left, and ends when nothing waits

With PEAK_FILE set, the most memory that it had is written there when it ends, in kB: what the kernel tells its parent
would be the parent's own, if that is larger.
"""

import asyncio
import atexit
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402

from articles.bulk import applying, orders, staging  # noqa: E402
from articles.models import Import  # noqa: E402
from articles.tasks import give_back_stalled  # noqa: E402

staging.CHUNK_ROWS = applying.CHUNK_ROWS = int(os.environ.get("CHUNK_ROWS", "500"))


async def work() -> None:
    async with app.open_async():
        await give_back_stalled(silent_for=0)
        await app.run_worker_async(queues=["imports"], wait=False)


def tell_peak(path: str) -> None:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    Path(path).write_text(re.findall(r"VmHWM:\s+(\d+) kB", status)[0], encoding="ascii")


if "PEAK_FILE" in os.environ:
    atexit.register(tell_peak, os.environ["PEAK_FILE"])

match sys.argv[1:]:
    case ["upload", path]:
        with Path(path).open("rb") as file:
            zone = os.environ.get("IMPORT_TIME_ZONE", "")
            print(orders.upload(file, Path(path).name, now=timezone.now(), time_zone=zone).pk)
    case ["apply", number]:
        orders.apply(Import.objects.get(pk=number), now=timezone.now())
    case ["work"]:
        with app.replace_connector(app.connector.get_worker_connector()):
            asyncio.run(work())
