"""What reading a file costs: run as a program, it reads a path a line and writes what became of it, as JSON a line.

Every file is read in a process of its own that is forked from one which has only the readers in it: the peak of
memory is then that file's. It gets no more than LONGEST seconds of the processor.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

LONGEST = 20


def cost(path: Path) -> dict[str, Any]:
    """Drafts and refusals with their reasons, processor seconds and peak megabytes of reading a file."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 1))
        with os.fdopen(writing, "w") as out:
            json.dump(_outcomes(path), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        found = told.read()
    _, status, used = os.wait4(child, 0)
    if status or not found:
        return {"file": path.name, "ended": f"the reader was ended: status {status}"}
    return {
        "file": path.name,
        "seconds": round(used.ru_utime + used.ru_stime, 2),
        "megabytes": used.ru_maxrss // 1024,
        **json.loads(found),
    }


def _outcomes(path: Path) -> dict[str, Any]:
    from articles.reading import Refusal, read, sniff
    from articles.reading.draft import ReadError

    drafts, reasons, text = 0, [], ""
    try:
        with path.open("rb") as file:
            sniff(path.name, file.read(1 << 20))
            file.seek(0)
            for one in read(path.name, file):
                if isinstance(one, Refusal):
                    reasons.append(one.reason)
                else:
                    drafts += 1
                    text = one.text[:200]
    except ReadError as error:
        reasons.append(str(error))
    return {"drafts": drafts, "reasons": reasons[:50], "refused": len(reasons), "text": text}


def main() -> None:
    import articles.reading.page

    assert articles.reading.page  # the readers are loaded before the first fork, so that none pays for that
    for line in sys.stdin:
        print(json.dumps(cost(Path(line.rstrip("\n")))), flush=True)


if __name__ == "__main__":
    main()
