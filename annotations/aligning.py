"""Which items of one sequence became which of another: sentences of two versions of a text, or their words."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, pairwise, takewhile

from annotations.wording import Text, is_word, weight

type Box = tuple[int, int, int, int]
"""From and to (exclusive) on the old side, from and to on the new side."""


def align(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of equal items in order: what occurs once on both sides first, then what stands beside it.

    What is left is aligned by longest common subsequence, bit-parallel, so that no input takes quadratic time
    in single steps.
    """
    pairs: list[tuple[int, int]] = []
    todo: list[tuple[Box, int]] = [((0, len(old), 0, len(new)), 0)]
    while todo:
        (a0, a1, b0, b1), depth = todo.pop()
        if a0 == a1 or b0 == b1:
            continue
        if a1 - a0 == b1 - b0 and old[a0:a1] == new[b0:b1]:
            pairs += zip(range(a0, a1), range(b0, b1), strict=True)
            continue
        anchors = _anchors(old, new, (a0, a1, b0, b1)) if depth < 16 else []
        if not anchors:
            pairs += ((a0 + i, b0 + j) for i, j in _longest_common(old[a0:a1], new[b0:b1]))
            continue
        pairs += anchors
        edges = [(a0 - 1, b0 - 1), *anchors, (a1, b1)]
        todo += (((i + 1, k, j + 1, m), depth + 1) for (i, j), (k, m) in pairwise(edges))
    pairs.sort()
    return pairs


def _anchors(old: Sequence[str], new: Sequence[str], region: Box) -> list[tuple[int, int]]:
    """The items that occur once on both sides, as far as their order agrees, and the equal ones beside them."""
    a0, a1, b0, b1 = region
    in_old, in_new = Counter(old[a0:a1]), Counter(new[b0:b1])
    place = {new[j]: j for j in range(b0, b1) if in_new[new[j]] == 1}
    unique = [(i, place[old[i]]) for i in range(a0, a1) if in_old[old[i]] == 1 and old[i] in place]
    grown: list[tuple[int, int]] = []
    chain = _increasing(unique)
    for n, (i, j) in enumerate(chain):
        low_a, low_b = (grown[-1][0] + 1, grown[-1][1] + 1) if grown else (a0, b0)
        if i < low_a or j < low_b:
            continue
        high_a, high_b = chain[n + 1] if n + 1 < len(chain) else (a1, b1)
        back = 0
        while i - back > low_a and j - back > low_b and old[i - back - 1] == new[j - back - 1]:
            back += 1
        ahead = 1
        while i + ahead < high_a and j + ahead < high_b and old[i + ahead] == new[j + ahead]:
            ahead += 1
        grown += ((i + k, j + k) for k in range(-back, ahead))
    return grown


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, given in order of their first, whose second increases too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [j]
        ends[place : place + 1] = [n]
    chain: list[tuple[int, int]] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]


def _longest_common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs (Hyyrö 2004: a bit for each item of the new side)."""
    if len(old) * len(new) > 200_000_000:  # 25 MB of bits to find the way back: only the start is compared
        return list(
            takewhile(lambda pair: old[pair[0]] == new[pair[1]], zip(count(), range(min(len(old), len(new)))))
        )
    places: dict[str, int] = defaultdict(int)
    for j, item in enumerate(new):
        places[item] |= 1 << j
    every = (1 << len(new)) - 1
    row, rows = every, []
    for item in old:
        matches = row & places.get(item, 0)
        row = ((row + matches) | (row - matches)) & every
        rows.append(row)
    pairs: list[tuple[int, int]] = []
    i, j = len(old) - 1, len(new) - 1
    while i >= 0 and j >= 0:
        if rows[i] >> j & 1:
            j -= 1
        elif i and not rows[i - 1] >> j & 1:
            i -= 1
        else:
            pairs.append((i, j))
            i, j = i - 1, j - 1
    return pairs[::-1]


def align_texts(old: Text, new: Text) -> list[tuple[int, int]]:
    """Pairs of tokens: those of equal sentences, then of sentences between them that answer to each other.

    Whole sentences come first, or a deleted sentence would hand its words on to the next one with the same.
    """
    same = align([old.key_of(i) for i in range(old.count)], [new.key_of(j) for j in range(new.count)])
    pairs = [
        (old.first[i] + n, new.first[j] + n) for i, j in same for n in range(old.first[i + 1] - old.first[i])
    ]
    for (i, j), (k, m) in pairwise([(-1, -1), *same, (old.count, new.count)]):
        for i0, i1, j0, j1 in _answering(old, new, (i + 1, k, j + 1, m)):
            a, b = old.first[i0], new.first[j0]
            found = align(old.keys[a : old.first[i1]], new.keys[b : new.first[j1]])
            pairs += ((a + n, b + o) for n, o in found)
    pairs.sort()
    return pairs


# -- sentences that answer to each other -------------------------------------------------------------------


def _bag(text: Text, sentence: int) -> Counter[str]:
    keys = text.keys[text.first[sentence] : text.first[sentence + 1]]
    return Counter(key for key in keys if is_word(key))


def _mass(bag: Counter[str]) -> float:
    return sum(count * weight(key) for key, count in bag.items())


def _answering(old: Text, new: Text, box: Box) -> list[Box]:
    """Which of the old sentences were reworded into which of the new ones, both in order: boxes of sentences.

    They share most of what they say, or one holds most of the other (a sentence that was split or merged); or
    they are the only ones between two sentences that stayed.
    """
    i0, i1, j0, j1 = box
    if i0 == i1 or j0 == j1:
        return []
    if i1 - i0 == j1 - j0 == 1:
        return [box]
    olds = {i: _bag(old, i) for i in range(i0, i1)}
    news = {j: _bag(new, j) for j in range(j0, j1)}
    chain = _heaviest(_similar(olds, news))
    boxes: list[Box] = []
    for n, (i, j) in enumerate(chain):
        low = (boxes[-1][1], boxes[-1][3]) if boxes else (i0, j0)
        high = chain[n + 1] if n + 1 < len(chain) else (i1, j1)
        boxes.append(_with_split(olds, news, (i, j), (low[0], high[0], low[1], high[1])))
    edges = [(i0, i0, j0, j0), *boxes, (i1, i1, j1, j1)]
    for (_, a, _, b), (c, _, d, _) in pairwise(edges):
        if c - a == d - b == 1:
            boxes.append((a, c, b, d))
    return sorted(boxes)


def _similar(
    olds: dict[int, Counter[str]], news: dict[int, Counter[str]]
) -> Iterator[tuple[int, int, float]]:
    """Pairs of sentences that may be the same one reworded, with the weight of the words that they share."""
    masses = {j: _mass(bag) for j, bag in news.items()}
    holding: dict[str, list[int]] = defaultdict(list)
    for j, bag in news.items():
        for key in bag:
            holding[key].append(j)
    few = len(olds) * len(news) <= 2_500
    for i, bag in olds.items():
        mass = _mass(bag)
        rare = (holding[key] for key in bag if key in holding and len(holding[key]) <= 20)
        for j in news if few else sorted({j for places in rare for j in places}):
            shared = _mass(bag & news[j])
            least = min(mass, masses[j])
            if 2 * shared >= 0.4 * (mass + masses[j]) or (least >= 2 and shared >= 0.6 * least):
                yield i, j, shared


def _heaviest(pairs: Iterable[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The chain of pairs, ascending on both sides, that shares most."""
    # `ends` are the second items at which a chain may end, ascending, with ever heavier chains.
    ends: list[int] = []
    best: list[tuple[float, int]] = []
    links: list[tuple[int, int, int]] = []
    by_first: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for i, j, shared in pairs:
        by_first[i].append((j, shared))
    for i, row in by_first.items():
        made = []
        for j, shared in row:
            place = bisect_left(ends, j) - 1
            total, link = best[place] if place >= 0 else (0.0, -1)
            links.append((i, j, link))
            made.append((j, total + shared, len(links) - 1))
        for j, total, link in made:
            place = bisect_right(ends, j)
            if place and best[place - 1][0] >= total:
                continue
            low = bisect_left(ends, j)
            high = low
            while high < len(ends) and best[high][0] <= total:
                high += 1
            ends[low:high] = [j]
            best[low:high] = [(total, link)]
    chain: list[tuple[int, int]] = []
    link = best[-1][1] if best else -1
    while link >= 0:
        i, j, link = links[link]
        chain.append((i, j))
    return chain[::-1]


def _with_split(
    olds: dict[int, Counter[str]], news: dict[int, Counter[str]], pair: tuple[int, int], within: Box
) -> Box:
    """The pair and those neighbours that mostly hold what one side has and the other lacks."""
    a, b, c, d = pair[0], pair[0] + 1, pair[1], pair[1] + 1
    rest_of_old = olds[pair[0]] - news[pair[1]]
    rest_of_new = news[pair[1]] - olds[pair[0]]

    def holds(rest: Counter[str], other: Counter[str]) -> bool:
        return _mass(other) > 0.5 and _mass(rest & other) >= 0.6 * _mass(other)

    while d < within[3] and holds(rest_of_old, news[d]):
        rest_of_old -= news[d]
        d += 1
    while c > within[2] and holds(rest_of_old, news[c - 1]):
        rest_of_old -= news[c - 1]
        c -= 1
    while b < within[1] and holds(rest_of_new, olds[b]):
        rest_of_new -= olds[b]
        b += 1
    while a > within[0] and holds(rest_of_new, olds[a - 1]):
        rest_of_new -= olds[a - 1]
        a -= 1
    return a, b, c, d
