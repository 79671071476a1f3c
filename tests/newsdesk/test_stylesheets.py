import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from newsdesk.stylesheets import ENTRIES, bundle

STATIC = Path(settings.BASE_DIR) / "static"
BUNDLED = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "newsdesk.stylesheets.BundledStaticFilesStorage"},
}
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def read(name: str) -> str:
    return (STATIC / name).read_text()


ALONE = {"admin.css", "imports.css"}
"""Linked by the admin's own pages, beside Django's stylesheets."""


def test_every_component_is_in_one_of_the_stylesheets():
    imported = {url for entry in ENTRIES for url in re.findall(r'url\("([^"]+)"\)', read(entry))}
    written = {str(file.relative_to(STATIC / "css")) for file in (STATIC / "css").rglob("*.css")}
    assert imported == written - ALONE - {entry.removeprefix("css/") for entry in ENTRIES}


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_bundle_asks_for_nothing_more(entry):
    rules = bundle(entry, read)
    assert "@import" not in rules
    assert "url(" not in rules


def test_a_bundle_keeps_the_layer_and_the_medium_of_what_it_takes_in():
    files = {
        "css/a.css": '@import url("b.css") layer(base);\n@import url("parts/c.css") layer(utilities) print;\n',
        "css/b.css": "b {}\n",
        "css/parts/c.css": "c {}\n",
    }
    assert bundle("css/a.css", files.__getitem__) == (
        "@layer base {\nb {}\n}\n@media print {\n@layer utilities {\nc {}\n}\n}\n"
    )


def test_collected_stylesheets_are_one_file_each_and_collected_again_they_are_fresh(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=BUNDLED):
        for _ in range(2):
            call_command("collectstatic", interactive=False, verbosity=0)
            for entry in ENTRIES:
                served = (tmp_path / staticfiles_storage.stored_name(entry)).read_text()
                assert served == bundle(entry, read)


@pytest.mark.parametrize(
    "template",
    [pytest.param(file, id=str(file.relative_to(TEMPLATES))) for file in TEMPLATES.rglob("*.html")],
)
def test_a_template_has_no_style_or_script_that_the_security_policy_refuses(template):
    text = template.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son\w+\s*=\s*[\"']", text)
    assert not re.search(r"<style|<script(?![^>]*(\ssrc=|application/(ld\+)?json))", text)
