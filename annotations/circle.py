"""A network on a circle: who is tied stands near, and everything has a place in shares of a square.

No forces and no chance: the same network is always drawn the same.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from annotations.network import Network

RADIUS = 36.0
"""Of the circle, in hundredths of the square's side."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an actor stands: x and y from 0 to 100, from the top left."""

    x: float
    y: float

    @property
    def is_below(self) -> bool:
        return self.y > 50


def spots(network: Network) -> dict[Hashable, Spot]:
    """A place on the circle for every actor, the first at the top and on clockwise."""
    order = _order(network)
    return {actor: _spot(place, len(order)) for place, actor in enumerate(order)}


def _spot(place: int, of: int) -> Spot:
    angle = 2 * math.pi * place / of - math.pi / 2
    return Spot(round(50 + RADIUS * math.cos(angle), 2), round(50 + RADIUS * math.sin(angle), 2))


def _order(network: Network) -> Sequence[Hashable]:
    """From who is tied most, always on to the one who agrees most, or is least in conflict, with the last ones."""
    near: dict[Hashable, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
    for tie in network.ties:
        for one, other in ((tie.one, tie.other), (tie.other, tie.one)):
            near[one][other] += tie.weight if tie.kind == "agreement" else -tie.weight
    left = dict.fromkeys(network.actors)
    order: list[Hashable] = []
    place = {actor: number for number, actor in enumerate(left)}
    while left:
        last = order[-2:]
        best = max(
            left,
            key=lambda actor: (
                sum(near[actor][other] for other in last) if last else len(near[actor]),
                -place[actor],
            ),
        )
        order.append(best)
        del left[best]
    return order
