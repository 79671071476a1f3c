"""Files made to cost a reader more than any article is worth: too deep, too long, too many, packed too small.

Each is made only when it is asked for, since together they are hundreds of megabytes.
"""

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable

SENTENCE = "It rained in the town, and the council met."


def _rss(item: str) -> str:
    return f"<rss><channel><item>{item}</item></channel></rss>"


def _description(words: str) -> str:
    return _rss(f"<description>{words}</description>")


def _entities() -> str:
    """Ten of ten of ten …: a thousand million words in a kilobyte."""
    named = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE rss [<!ENTITY e0 "it rained ">{named}]>' + _description("&e9;")


XML: dict[str, Callable[[], str | bytes]] = {
    "entities.xml": _entities,
    "entity-repeated.xml": lambda: (
        f'<!DOCTYPE rss [<!ENTITY a "{"x" * 90}">]>' + _description("&a;" * 2_000_000)
    ),
    "entity-of-a-file.xml": lambda: (
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + _description("&a;")
    ),
    "deep.xml": lambda: "<rss>" + "<item>" * 100_000,
    "deep-nitf.xml": lambda: (
        f"<nitf><body><body.content>{'<block>' * 100_000}x{'</block>' * 100_000}</body.content></body></nitf>"
    ),
    "elements.xml": lambda: _rss("<a/>" * 3_000_000),
    "elements-between.xml": lambda: f"<rss><channel>{'<a>x</a>' * 2_000_000}</channel></rss>",
    "text.xml": lambda: _description("word " * 5_000_000),
    "attributes.xml": lambda: (
        f"<rss><channel><item {' '.join(f"a{n}='x'" for n in range(1_000_000))}/></channel></rss>"
    ),
    "attribute.xml": lambda: f'<rss><channel><item a="{"x" * 20_000_000}"/></channel></rss>',
    "comment.xml": lambda: f"<rss><channel><!-- {'x' * 30_000_000} --></channel></rss>",
    "comment-open.xml": lambda: "<!-- " + "x<!-- " * 5_000_000,
    "doctype-open.xml": lambda: "<!DOCTYPE a [" + '<!-- "' * 3_000_000,
    "doctype-strings.xml": lambda: "<!DOCTYPE a [" + '"a" ' * 3_000_000,
    "namespaces.xml": lambda: (
        "<rss><channel>" + "".join(f'<a{n} xmlns:n{n}="u{n}">' for n in range(190)) + "<b/>" * 100_000
    ),
    "ampersands.xml": lambda: _description("&" * 7_000_000),
    "cdata.xml": lambda: _description("<![CDATA[x]]>" * 500_000),
    "markup.xml": lambda: _description(f"<![CDATA[{'<b>x' * 1_500_000}]]>"),
    "markup-deep.xml": lambda: _description(f"<![CDATA[{'<blockquote>' * 59_000}x]]>"),
    "lines.xml": lambda: f"<rss><item><description>{'x\n' * 3_900_000}</description></item></rss>",
    "rows.xml": lambda: f"<x>{'<r><title>a</title><body>b</body></r>' * 25_000}</x>",
    "rows-of-no-use.xml": lambda: f"<x>{'<r><t>a</t><b>b</b></r>' * 300_000}</x>",
    "captions.xml": lambda: (
        '<rss xmlns:wp="http://wordpress.org/export/1.2/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<item><wp:post_type>post</wp:post_type><content:encoded>{'[caption x]' * 600_000}</content:encoded></item>"
        f"<item><wp:post_type>post</wp:post_type><content:encoded>{'[a b=c ' * 9_000}[/caption]</content:encoded>"
        "</item></channel></rss>"
    ),
}
JSON: dict[str, Callable[[], str | bytes]] = {
    "deep.json": lambda: "[" * 1_000_000,
    "deep-objects.json": lambda: '{"a":' * 500_000 + "1" + "}" * 500_000,
    "deep.jsonl": lambda: '{"a":' * 500_000 + "1" + "}" * 500_000 + "\n",
    "lists.json": lambda: f"[{'[],' * 5_000_000}[]]",
    "items.json": lambda: f'{{"items":[{"{}," * 5_000_000}{{}}]}}',
    "lists-inside.json": lambda: f'[{{"a":[{"[]," * 2_500_000}[]]}}]',
    "string.json": lambda: f'[{{"title":"a","body":"{"x" * 20_000_000}"}}]',
    "string-open.json": lambda: '[{"title":"a","body":"' + "x" * 3_000_000,
    "astral.json": lambda: f'{{"items":[{{"title":"a","body":"{"😀" * 3_900_000}"}}]}}',
    "number.json": lambda: f'[{{"title":"a","body":{"9" * 1_000_000}}}]',
    "number.jsonl": lambda: f'{{"title":"a","body":{"9" * 1_000_000}}}\n',
    "line.jsonl": lambda: f'{{"title":"a","body":"{"x" * 30_000_000}"}}',
    "lines-inside.jsonl": lambda: f'{{"title":"a","body":"{"x\\n" * 2_600_000}"}}\n',
    "keys.jsonl": lambda: json.dumps({f"k{n}": 1 for n in range(190_000)}) + "\n",
}
TABLES: dict[str, Callable[[], str | bytes]] = {
    "line.csv": lambda: "title,text\na," + "x" * 30_000_000,
    "cell.csv": lambda: f'title,text\na,"{"x" * 30_000_000}"\nb,c\n',
    "lines-in-a-cell.csv": lambda: f'title,text\na,"{"x\n" * 4_000_000}"\n',
    "lines-in-the-header.csv": lambda: f'title,text\n"{"x\n" * 4_000_000}",b\n',
    "markup-in-a-cell.csv": lambda: f'title,text\na,"{"<p>" * 1_000_000}"\n',
    "deep-markup-in-a-cell.csv": lambda: f'title,text\na,"<p>{"<blockquote>" * 100_000}x"\n',
    "open-tags-in-a-cell.csv": lambda: f'title,text\na,"<p>{"<a " * 50_000}"\n',
    "lists-in-cells.csv": lambda: f'title,sections\na,"{"[" * 100_000}"\nb,"{"[[]," * 1_000_000}"\n',
    "zeros.csv": lambda: b"title,text\na," + b"\0" * 20_000_000 + b"\n",
    "columns.csv": lambda: ",".join(f"c{n}" for n in range(1_000_000)) + "\n",
    "name-of-a-column.csv": lambda: "title" * 2_000_000,
    "quotation-marks.csv": lambda: "title,text\n" + '"' * 10_000_001,
    "commas.csv": lambda: f"title,text\n{',' * 8_000_000}\n",
    "short-rows.csv": lambda: "title,text\n" + "x\n" * 1_000_000,
    "empty-lines.csv": lambda: "title,text\n" + "\n" * 10_000_000,
    "quotation-mark-open.csv": lambda: f'title,text,date\na,"x\n{"a,b,2019-01-01\n" * 200_000}",2019\n',
    "date.csv": lambda: f"title,text,date\na,b,{'1' * 5_000_000}\n",
    "spaces.csv": lambda: f'title,text\na,"{"x " * 200_000}{" " * 3_000_000}"\n',
    "address.csv": lambda: f"title,text,url\na,b,https://{'a' * 5_000_000}\n",
    "no-text.csv": lambda: bytes(range(256)) * 40_000,
}
PAGES: dict[str, Callable[[], str | bytes]] = {
    "bold.html": lambda: "<html><body>" + "<b>x" * 3_000_000,
    "deep.html": lambda: "<html><body>" + "<div>" * 1_000_000 + "x",
    "deep-again-and-again.html": lambda: (
        "<html><body>" + f"{'<div>' * 190}<p>{SENTENCE}</p>{'</div>' * 190}" * 100
    ),
    "tables.html": lambda: "<html><body>" + "<table><tr><td>" * 150 + "x",
    "long.html": lambda: "<html><body><p>" + "word " * 3_000_000,
    "attribute.html": lambda: f'<html><body><p class="{"x" * 15_000_000}">x</p>',
    "entities.html": lambda: "<html><body><p>" + "&amp;" * 3_000_000,
    "deep-data.html": lambda: (
        f'<html><script type="application/ld+json">{"[" * 5_000_000}</script><body><p>x</p>'
    ),
    "data.html": lambda: (
        f'<html><script type="application/ld+json">[{'{"@type":"NewsArticle","author":{"@id":"a"}},' * 100_000}{{}}]'
        "</script><body><p>x</p>"
    ),
    "paragraphs.html": lambda: "<html><body>" + f"<p>{SENTENCE}</p>" * 25_000,
    "links.html": lambda: "<html><body>" + f'<p><a href="x">{SENTENCE}</a></p>' * 19_000,
    "spans.html": lambda: "<html><body><p>" + "<span>It</span> " * 55_000,
    "items.html": lambda: "<html><body><ul>" + '<li><a href="/x">It rained again</a></li>' * 20_000,
    "cells.html": lambda: "<html><body><table>" + "<tr><td>It rained again</td></tr>" * 25_000,
    "breaks.html": lambda: "<html><body><p>" + "It rained<br>" * 50_000,
    "preformatted.html": lambda: "<html><body><pre>" + "x\n" * 290_000,
    "headings.html": lambda: "<html><body>" + "<h1>It rained</h1>" * 29_000 + "<p>x</p>",
    "times.html": lambda: f"<html><body>{f'<time datetime="{"1" * 9000}">x</time>' * 1500}<p>x</p>",
    "figures.html": lambda: (
        "<html><body>"
        + "<figure><img src=x><figcaption>Photo: It rained in the town</figcaption></figure>" * 14_000
        + "<p>x</p>"
    ),
    "metadata.html": lambda: (
        "<html><head>" + '<meta property="og:title" content="It rained">' * 59_000 + "</head><body><p>x</p>"
    ),
}
TEXTS: dict[str, Callable[[], str | bytes]] = {
    "line.txt": lambda: "x" * 8_000_000,
    "empty-lines.txt": lambda: "\n" * 8_000_000,
    "short-lines.txt": lambda: "x\n" * 3_900_000,
    "bylines.txt": lambda: "Rain\n\n" + "By " * 130_000,
    "capitals.txt": lambda: "Rain\n\n" + "A " * 190_000,
    "spaces.txt": lambda: "Rain\n\n" + " " * 7_000_000 + "x",
    "quotation-marks.txt": lambda: "Rain\n\n" + '"' * 390_000,
    "names.txt": lambda: "Rain\n\n" + "Ada Quill, " * 35_000,
    "dots.txt": lambda: "Rain\n\n" + "." * 390_000,
    "paragraphs.txt": lambda: "Rain\n\n" + "It rained.\n\n" * 33_000,
    "combining.txt": lambda: "Rain\n\na" + "\u0301" * 390_000,
    "joiners.txt": lambda: "Rain\n\n" + "\u200d" * 2_500_000 + "x",
    "credits.txt": lambda: "Rain\n\n" + "© " * 190_000,
    "wire-messages.tst": lambda: "\x16\x16\x01a\x02" * 1_000_000,
    "wire-starts.tst": lambda: "\x01" * 8_000_000,
    "wire-carets.tst": lambda: "\x01a\x02^" + "^" * 7_000_000,
    "wire-lines.tst": lambda: "\x01a\x02^a<\n" + "\t x\n" * 1_000_000 + "\x03",
}


def _zip(members: Iterable[tuple[str, bytes | str]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


_TABLE = b"title,text\n"
_PLAIN = b"title,text\nRain,It rained.\n"


def _by_hand(*, entries: int, told_size: int | None = None) -> bytes:
    """A zip whose directory names one packed member again and again, and maybe lies about its size."""
    data = b"a" * 10_000_000
    packer = zlib.compressobj(9, 8, -15)
    packed = packer.compress(data) + packer.flush()
    size = len(data) if told_size is None else told_size
    about = (zlib.crc32(data), len(packed), size, len(b"a.txt"), 0)
    local = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 8, 0, 0, *about) + b"a.txt"
    entry = (
        struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 20, 20, 0, 8, 0, 0, *about, 0, 0, 0, 0, 0) + b"a.txt"
    )
    directory = entry * entries
    end = (0, 0, entries, entries, len(directory), len(local) + len(packed), 0)
    return local + packed + directory + struct.pack("<4sHHHHLLH", b"PK\5\6", *end)


def _locked() -> bytes:
    """A zip that says of its member that it has a password."""
    data = bytearray(_zip([("a.csv", _PLAIN)], zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.rfind(b"PK\1\2") + 8] |= 1
    return bytes(data)


ARCHIVES: dict[str, Callable[[], str | bytes]] = {
    "packed.csv.gz": lambda: gzip.compress(_TABLE + b"a" * 60_000_000, 6),
    "packed-twice.csv.gz": lambda: gzip.compress(gzip.compress(_TABLE + b"a" * 60_000_000, 6)),
    "packed.zip": lambda: _zip([("a.csv", _TABLE + b"a" * 80_000_000)]),
    "packed-often.zip": lambda: _zip([(f"{n}.csv", _TABLE + b"a" * 10_000_000) for n in range(8)]),
    "zip-in-zip.zip": lambda: _zip(
        [("inner.zip", _zip([("a.csv", _TABLE + b"a" * 100_000_000)])), ("a.csv", _PLAIN)]
    ),
    "members.zip": lambda: _zip(((f"{n}.txt", "") for n in range(60_000)), zipfile.ZIP_STORED),
    "overlapping.zip": lambda: _by_hand(entries=20_000),
    "lying.zip": lambda: _by_hand(entries=1, told_size=100),
    "cut.zip": lambda: _zip([("a.csv", _PLAIN)])[:60],
    "locked.zip": _locked,
    "ways-out.zip": lambda: _zip(
        [
            (name, "Rain\n\nIt rained.")
            for name in ("../../etc/passwd", "/abs.txt", "C:\\x\\y.txt", "a\x00b.txt")
        ]
    ),
}

BOMBS: dict[str, dict[str, Callable[[], str | bytes]]] = {
    "XML": XML,
    "JSON": JSON,
    "tables": TABLES,
    "pages": PAGES,
    "texts": TEXTS,
    "archives": ARCHIVES,
}


def made(bomb: Callable[[], str | bytes]) -> bytes:
    data = bomb()
    return data if isinstance(data, bytes) else data.encode()
