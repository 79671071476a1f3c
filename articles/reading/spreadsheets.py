"""Cells that a spreadsheet program would take for formulas: guarded on the way out, bare again on the way in."""

import re

GUARD = "'"
_GUARDED = re.compile(r"'+(?=[=+\-@\t\r])")
_RUNS = re.compile(r"'*[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """The cell as a spreadsheet shows it instead of running it; `without_guards` gives the cell back."""
    return GUARD + cell if _RUNS.match(cell) else cell


def without_guards(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell
