"""Where each actor stands on each claim, at one look: actors down, claims across."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from annotations.standing import Person, Standing

MOST_ROWS = 15


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody, and where they stand on each claim: None where no published quote of theirs says."""

    name: str
    address: str
    cells: list[Person | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who is quoted on most claims comes first, sources that no article names last. `left_out` more are not shown."""

    claims: list[Standing]
    rows: list[Row]
    left_out: int

    @property
    def has_shifts(self) -> bool:
        """Whether somebody in it changed sides."""
        return any(person and person.shifts for row in self.rows for person in row.cells)


def matrix(standings: Sequence[Standing]) -> Matrix | None:
    """Columns in the order of the claims; None where nobody takes a stance on any."""
    by_actor: dict[tuple[str, str], dict[int, Person]] = defaultdict(dict)
    for number, standing in enumerate(standings):
        for person in standing.people:
            by_actor[person.name, person.address][number] = person
    if not by_actor:
        return None
    ordered = sorted(
        by_actor.items(),
        key=lambda row: (
            not row[0][1],
            -len(row[1]),
            -sum(person.count for person in row[1].values()),
            row[0],
        ),
    )
    rows = [
        Row(name, address, [cells.get(number) for number in range(len(standings))])
        for (name, address), cells in ordered[:MOST_ROWS]
    ]
    return Matrix(list(standings), rows, len(ordered) - len(rows))
