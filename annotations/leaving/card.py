"""The picture that a shared link to a quote shows, in the look of the site's pages."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import Image, ImageDraw, ImageFont, features

WIDTH, HEIGHT = 1200, 630
DESIGN = 1
"""Changes with the look of the picture, so that nobody keeps an old one."""

WORDLESS = "Read the quote in its article"
"""Stands for words that can't be set."""

_PAPER, _INK, _SOFT, _RULE = "#fdfcf8", "#16181b", "#4f5358", "#ddd8ca"
_TONES = {"supports": "#0072b2", "opposes": "#c44e00", "mixed": "#7b4a9e", "unclear": "#5f6368"}
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, WIDTH - 72, 148, 456
_SIZES = (60, 54, 48, 42, 37)
_LEADING = 1.32

_LATIN = ("fontpkg_noto_serif", "NotoSerif[wdth,wght].ttf")
_ARABIC = ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf")
_IS_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_NOWHERE = "\U0010fffe"
"""A character that no font has: what is drawn for it is what a font draws for all that it lacks."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on the picture. `line` says where and when; `position` is that of all its stances, or empty."""

    words: str
    speaker: str
    line: str
    position: str = ""


@lru_cache(maxsize=64)
def draw(card: Card) -> bytes:
    """A PNG of WIDTH by HEIGHT pixels.

    Words in a script for which there are no letters here are left out rather than set wrongly: the picture then only
    says whose quote it is.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 20, HEIGHT), fill=_TONES.get(card.position, _SOFT))
    pen.text((_LEFT, 60), "Newsdesk", font=_font(_LATIN, 34, "Bold"), fill=_INK)
    pen.line((_LEFT, 118, _RIGHT, 118), fill=_RULE, width=2)
    for line, at, face, size in _laid(card.words):
        _write(pen, line, at, face, size=size, style="Regular", ink=_INK)
    pen.line((_LEFT, 488, _RIGHT, 488), fill=_RULE, width=2)
    for text, y, size, style, ink in (
        (card.speaker, 508, 36, "Bold", _INK),
        (card.line, 560, 28, "Regular", _SOFT),
    ):
        found = _settable(text)
        if found:
            face, clean = found
            _write(pen, _fitted(clean, face, size, style), y, face, size=size, style=style, ink=ink)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


type Face = tuple[str, str]


def _write(
    pen: ImageDraw.ImageDraw, text: str, y: float, face: Face, *, size: int, style: str, ink: str
) -> None:
    """One line, from the side on which its script begins."""
    is_rtl = face == _ARABIC
    pen.text(
        (_RIGHT if is_rtl else _LEFT, y),
        text,
        font=_font(face, size, style),
        fill=ink,
        anchor="ra" if is_rtl else "la",
        direction="rtl" if is_rtl else None,
    )


def _laid(words: str) -> Iterator[tuple[str, float, Face, int]]:
    """The lines of the words, each with its height, in the largest letters in which all of them have room."""
    face, clean = _settable(words) or (_LATIN, WORDLESS)
    lines: list[str] = []
    size = _SIZES[0]
    for size in _SIZES:
        most = int((_BOTTOM - _TOP) / (size * _LEADING))
        lines = _wrapped(clean, _font(face, size, "Regular"))
        if len(lines) <= most:
            break
    else:
        lines = [*lines[: most - 1], f"{lines[most - 1].rstrip(' ,;:.–-')} …"]
    for number, line in enumerate(lines):
        yield line, _TOP + number * size * _LEADING, face, size


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines that are not longer than the picture has room; a longer word is cut."""
    room, lines, line = _RIGHT - _LEFT - 24, [], ""
    for word in text.split():
        rest = word
        while rest:
            longer = f"{line} {rest}".strip()
            if font.getlength(longer) <= room:
                line, rest = longer, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                fits = next(n for n in range(len(rest), 0, -1) if n == 1 or font.getlength(rest[:n]) <= room)
                lines.append(rest[:fits])
                rest = rest[fits:]
    return [*lines, line] if line else lines


def _fitted(text: str, face: Face, size: int, style: str) -> str:
    """The beginning of a line, as far as there is room."""
    font = _font(face, size, style)
    if font.getlength(text) <= _RIGHT - _LEFT:
        return text
    while text and font.getlength(f"{text}…") > _RIGHT - _LEFT:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _settable(text: str) -> tuple[Face, str] | None:
    """The letters in which a text can be set, and the text without the signs that they lack; None if letters lack."""
    face = _ARABIC if _IS_ARABIC.search(text) else _LATIN
    if face == _ARABIC and not features.check("raqm"):
        return None  # without it Arabic letters stand apart and in the wrong order
    lacking = {mark for mark in set(text) if not mark.isspace() and not _has(face, mark)}
    if any(mark.isalpha() for mark in lacking) or not text.strip():
        return None
    return face, " ".join("".join(mark for mark in text if mark not in lacking).split())


@lru_cache(maxsize=4096)
def _has(face: Face, mark: str) -> bool:
    font = _font(face, 40, "Regular", ImageFont.Layout.BASIC)
    return bytes(font.getmask(mark)) != bytes(font.getmask(_NOWHERE))


@lru_cache(maxsize=64)
def _font(
    face: Face, size: int, style: str, layout: ImageFont.Layout | None = None
) -> ImageFont.FreeTypeFont:
    package, name = face
    with as_file(files(package) / "files" / name) as path:
        font = ImageFont.truetype(str(path), size, layout_engine=layout)
    font.set_variation_by_name(style)
    return font
