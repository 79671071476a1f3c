import pytest

from annotations.attribution import Attribution
from annotations.speakers import Speaker, compare, is_name, said_beside

TEXT = (
    "The board met.\n\n"
    "Nothing was settled, Mr Hunt said. Mr Wright denied that the port was sold.\n\n"
    "“We will not,” she told reporters. It rained."
)


@pytest.mark.parametrize(
    ("old", "new", "known", "wanted"),
    [
        ("Mr Hunt", "Mr Hunt", [], Speaker.SAME),
        ("Mr Hunt", "the foreign secretary, Jeremy Hunt", [], Speaker.SAME),
        ("he", "Mr Hunt", ["Jeremy Hunt"], Speaker.SAME),
        ("Mr Hunt", "the foreign secretary", ["Jeremy Hunt", "Foreign Secretary"], Speaker.SAME),
        ("Theresa May", "Mrs May", [], Speaker.SAME),
        ("the BBC", "The BBC", [], Speaker.SAME),
        # another
        ("Mr Hunt", "Mr Wright", ["Jeremy Hunt"], Speaker.OTHER),
        ("Jeremy Hunt", "Jeremy Wright", [], Speaker.OTHER),
        ("the Metropolitan Police", "City Police", [], Speaker.OTHER),
        ("Mr Hunt", "Huawei", [], Speaker.OTHER),
        ("the minister", "a vendor", [], Speaker.OTHER),
        # who knows
        ("Mr Hunt", "he", [], Speaker.UNSURE),
        ("Mr Hunt", "a spokesman", ["Jeremy Hunt"], Speaker.UNSURE),
        ("Mr Hunt", "Mrs Hunt", [], Speaker.UNSURE),
        ("Mr Hunt", "Mr Hunt and Mr Wright", [], Speaker.UNSURE),
        ("the minister", "Mr Hunt", [], Speaker.UNSURE),
        ("", "Mr Wright", [], Speaker.UNSURE),
        ("Mr Hunt", "", ["Jeremy Hunt"], Speaker.UNNAMED),
    ],
)
def test_who_says_it_is_compared_by_name_and_in_doubt_it_is_nobody_known(old, new, known, wanted):
    assert compare(Attribution("said", old), Attribution("said", new), known) is wanted


def test_a_spokesman_is_not_the_one_he_speaks_for():
    assert compare(Attribution("", "Mr Hunt"), Attribution("", "Mr Hunt’s spokesman")) is not Speaker.SAME


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Nothing was settled", (Attribution("said", "Mr Hunt"), "indirect")),
        ("the port was sold", (Attribution("denied", "Mr Wright"), "indirect")),
        ("We will not,", (Attribution("told", "she"), "direct")),
        ("The board met.", (Attribution(), "indirect")),
    ],
)
def test_who_speaks_is_read_in_the_paragraph_of_the_words(words, wanted):
    start = TEXT.index(words)
    assert said_beside(TEXT, start, start + len(words)) == wanted


@pytest.mark.parametrize(
    ("name", "mention"),
    [
        ("Huawei", ""),
        ("Reuters", ""),
        ("Pelé", ""),
        ("Sanders", "Mr Sanders"),
        ("Downing Street", ""),
        ("No 10", ""),
        ("No. 10", ""),
        ("Number Ten", ""),
        ("Metropolitan Police", "the Metropolitan Police"),
        ("Police Scotland", ""),
        ("Ada Quill", "Ada Quill, the harbour minister"),
        ("Huawei", "a Huawei spokesman"),
        ("Quill", "the harbour minister, Ms Quill"),
        ("Labour", ""),
        ("Whitehall", ""),
        ("Bank of England", "the Bank of England"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("Conservative Party", "the Conservative Party"),
    ],
)
def test_what_names_somebody(name, mention):
    assert is_name(name, mention)


@pytest.mark.parametrize(
    ("name", "mention"),
    [
        ("Ministers", "Ministers"),
        ("Officials", "Officials"),
        ("Residents", "Residents"),
        ("Police", "Police"),
        ("Analysts", "Analysts"),
        ("Critics", "Critics"),
        ("Experts", "Experts"),
        ("Sources", "Sources"),
        ("Witnesses", "Witnesses"),
        ("MPs", "MPs"),
        ("Policemen", "Policemen"),
        ("Lawmakers", "Lawmakers"),
        ("Campaigners", "Campaigners"),
        ("Authorities", "Authorities"),
        ("Families", "Families"),
        ("Republicans", "Republicans"),
        ("Minister", "Minister"),
        ("Spokeswoman", "Spokeswoman"),
        ("Senior", "Senior ministers"),
        ("British", "British officials"),
        ("Treasury", "a Treasury source"),
        ("Downing Street", "Downing Street aides"),
        ("Local", "Local residents"),
        ("Police Officers", "Police Officers"),
        ("A senior official", "A senior official"),
        ("he", "he"),
        ("", ""),
    ],
)
def test_what_only_says_what_people_are_names_nobody(name, mention):
    assert not is_name(name, mention)


def test_a_word_that_the_text_has_in_small_letters_too_is_no_name_where_it_only_begins_sentences():
    assert not is_name("Shoppers", "Shoppers", "The shoppers stayed away. Shoppers said it was dear.")
    assert is_name(
        "Shoppers", "Shoppers", "The shoppers stayed away from Shoppers. Shoppers said it was dear."
    )
    assert is_name("Shoppers", "Shoppers", "It was quiet. Shoppers said it was dear.")
