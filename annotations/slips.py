"""Whether one word is another, mistyped."""

SHORTEST = 4
"""Letters of a word in which a slip is looked for: of three letters, one changed makes another word."""


def is_slip(typed: str, meant: str) -> bool:
    """Whether a few letters are wrong: one in a word of up to seven, two in a longer one; a swap counts as one."""
    typed, meant = typed.casefold(), meant.casefold()
    if len(typed) < SHORTEST or typed[:1] != meant[:1]:
        return False
    allowed = 1 if len(typed) < 8 else 2
    return abs(len(typed) - len(meant)) <= allowed and _distance(typed, meant) <= allowed


def _distance(one: str, other: str) -> int:
    """Letters put in, left out, changed, or two neighbours that changed places (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
