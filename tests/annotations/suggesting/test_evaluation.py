"""The measures, and the command that prints them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotations.suggesting import suggest
from annotations.suggesting.evaluation import Scores, prediction, table

TEXT = "“We have not decided,” Mr Hunt said. Ms Li warned that the network would be late."
SHARED = Path(__file__).parents[4] / "shared"


def span(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def gold(words: str, speaker: str, kind: str = "direct", *, speech: bool = True) -> dict:
    return {"content": [span(words)], "speaker": [span(speaker)], "cue": [], "type": kind, "speech": speech}


def scored(quotes: list[dict], predicted: list[dict]) -> Scores:
    scores = Scores()
    scores.add({"text": TEXT, "quotes": quotes}, {"quotes": predicted})
    return scores


QUOTED = gold("“We have not decided,”", "Mr Hunt")
WARNED = gold("that the network would be late", "Ms Li", "indirect")


def guess(words: str, speaker: str | None) -> dict:
    return {"parts": [span(words)], "speaker": span(speaker) if speaker else None, "tier": "said"}


def test_all_right_is_a_hundred():
    made = [guess("“We have not decided,”", "Mr Hunt"), guess("that the network would be late", "Ms Li")]
    row = scored([QUOTED, WARNED], made).rows["reported"]
    assert (row.f, row.joint, row.speakers) == (100, 100, 100)


def test_a_wrong_speaker_counts_against_the_joint_measure_only():
    scores = scored([QUOTED], [guess("“We have not decided,”", "Ms Li")])
    assert (scores.rows["direct"].f, scores.rows["direct"].joint, scores.precision_of("said")) == (100, 0, 0)


def test_four_fifths_of_the_words_are_enough_and_fewer_are_not():
    nearly = scored([WARNED], [guess("the network would be late", "Ms Li")]).rows["indirect"]
    half = scored([WARNED], [guess("would be late", "Ms Li")]).rows["indirect"]
    assert (nearly.recall, half.recall) == (100, 0)


def test_what_is_marked_but_no_speech_counts_for_precision_alone():
    thought = gold("that the network would be late", "Ms Li", "indirect", speech=False)
    row = scored([thought], [guess("that the network would be late", "Ms Li")]).rows["reported"]
    assert (row.gold, row.predicted, row.precision) == (0, 1, 100)


def test_two_suggestions_for_one_quote_are_one_right_and_one_wrong():
    row = scored([QUOTED], [guess("“We have not decided,”", "Mr Hunt")] * 2).rows["direct"]
    assert (row.recall, row.precision) == (100, 50)


def test_a_date_is_right_when_its_days_are():
    marked = [{"span": [0, 4], "when": "2019-05"}, {"span": [6, 9], "from": "2019-05-06", "to": "2019-05-12"}]
    made = [
        {"span": [0, 4], "earliest": "2019-05-01", "latest": "2019-05-31"},
        {"span": [6, 9], "earliest": "2019-05-06", "latest": "2019-05-11"},
        {"span": [20, 24], "earliest": "2019-05-06", "latest": "2019-05-06"},
    ]
    scores = Scores()
    scores.add({"text": TEXT, "dates": marked}, {"dates": made})
    assert dict(scores.dates) == {"gold": 2, "found": 2, "right": 1, "predicted": 3, "precise": 2}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        json.dumps({"id": "a", "date": "2019-05-08", "text": TEXT, "quotes": [QUOTED, WARNED]}) + "\n"
    )
    return path


def test_the_command_prints_the_table_and_writes_the_predictions(articles, tmp_path, capsys):
    out = tmp_path / "out.jsonl"
    call_command("evaluate_suggestions", str(articles), "--predictions", str(out), "--no-nlp")
    printed = capsys.readouterr().out
    assert "reported         2          2  100.0  100.0   100.0    100.0     100.0" in printed
    assert "tier quoted: 1 suggested, 100.0% right" in printed
    assert "1 articles, " in printed
    assert "by rules alone" in printed
    [line] = out.read_text().splitlines()
    assert json.loads(line) == prediction("a", suggest(TEXT, published=None)) | {"dates": []}


def test_the_command_says_what_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match=r"no\.jsonl cannot be read"):
        call_command("evaluate_suggestions", str(tmp_path / "no.jsonl"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[1]", "this is no JSON object"),
        ('{"id": 1}', "needs an id and a text"),
        ('{"id": 1, "text": "", "date": "May"}', "Invalid isoformat"),
        ('{"id": 1, "text": "", "quotes": [{"content": [[0, 1]]}]}', "quotes need speaker, type"),
        ("{", "Expecting"),
    ],
)
def test_the_command_says_which_line_is_wrong(tmp_path, line, told):
    path = tmp_path / "gold.jsonl"
    path.write_text(f'{{"id": 0, "text": "Nobody spoke."}}\n\n{line}\n')
    with pytest.raises(CommandError, match=f"line 3 cannot be read: .*{told}"):
        call_command("evaluate_suggestions", str(path), "--no-nlp")


def test_the_marked_articles_are_never_written_over(articles, tmp_path):
    before = articles.read_text()
    with pytest.raises(CommandError, match="would overwrite"):
        call_command("evaluate_suggestions", str(articles), "--predictions", str(articles), "--no-nlp")
    assert articles.read_text() == before
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("evaluate_suggestions", str(articles), "--predictions", str(tmp_path), "--no-nlp")


def test_the_table_is_empty_where_nothing_was_marked():
    assert list(table(Scores())) == []


@pytest.mark.skipif(
    not (SHARED / "tools" / "score_suggestions.py").exists(), reason="the other scorer is not here"
)
def test_another_scorer_counts_the_same(tmp_path, capsys):
    path = SHARED / "data" / "quotes" / "polnear-dev.jsonl"
    few = tmp_path / "gold.jsonl"
    few.write_text("\n".join(path.read_text().splitlines()[:12]))
    out = tmp_path / "out.jsonl"
    call_command("evaluate_suggestions", str(few), "--predictions", str(out), "--no-nlp")
    ours = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    told = subprocess.run(
        [sys.executable, SHARED / "tools" / "score_suggestions.py", few, out, "--json"],
        capture_output=True, check=True,
    )  # fmt: skip
    theirs = json.loads(told.stdout)["quotes"]
    for name in ("direct", "mixed", "indirect", "quoted", "reported"):
        row = theirs[name]
        wanted = [row[key] for key in ("gold", "predicted", "f", "p", "r", "f_joint", "speaker_or_name")]
        assert [float(figure) for figure in ours[name]] == pytest.approx(wanted, abs=0.11)
