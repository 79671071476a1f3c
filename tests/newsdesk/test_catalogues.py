"""The catalogues hold every message of code and templates, translated, and are compiled from what they say."""

import re

import pytest
from django.conf import settings

from tests import messages

OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
NEEDED = "make messages brings the catalogue up to date; then translate what is new and run it again"

_KEPT = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w[^>]*>")
"""What a translation has to have as the message has it: values to be put in, and markup."""


@pytest.fixture(scope="module")
def found():
    return messages.messages()


def keys(catalogue) -> set:
    return {(one.context, one.id) for one in catalogue if one.id}


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_the_messages_that_there_are_and_no_others(found, language):
    assert keys(messages.read(messages.catalogue_of(language))) == keys(found), NEEDED


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_with_its_values_and_markup(language):
    wrong = []
    for one in messages.read(messages.catalogue_of(language)):
        if not one.id:
            continue
        ids = [one.id] if isinstance(one.id, str) else list(one.id)
        said = [one.string] if isinstance(one.string, str) else list(one.string)
        if one.fuzzy or not all(said):
            wrong.append(f"not translated: {ids[0]}")
        elif one.context != "date format":
            wrong += [
                f"{text!r} for {meant!r}"
                for meant, text in zip(ids, said, strict=True)
                if sorted(_KEPT.findall(text)) != sorted(_KEPT.findall(meant))
            ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_compiled_is_what_the_catalogue_says(language):
    path = messages.catalogue_of(language)
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.read(path)), NEEDED
