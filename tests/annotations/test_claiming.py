import pytest

from annotations.claiming import as_claim


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        # a clause
        (["the repairs could take a year"], "The repairs could take a year."),
        (["that the bridge would be repaired at night"], "The bridge would be repaired at night."),
        (["that, in the end, it was fair,"], "In the end, it was fair."),
        (["5G could be delayed –"], "5G could be delayed."),
        (["Huawei should be kept out."], "Huawei should be kept out."),
        (["the bridge\nwould  be closed"], "The bridge would be closed."),
        (["would it be closed?"], "Would it be closed?"),
        (["he would not give way"], "He would not give way."),
        (["iPhones are safe"], "iPhones are safe."),
        (["EU law applies"], "EU law applies."),
        # “that” which is a pronoun
        (["that would be wrong"], "That would be wrong."),
        (["that that was wrong"], "That was wrong."),
        (["That is a risk"], "That is a risk."),
        # quotation marks
        (["“Nobody will be stopped.”"], "Nobody will be stopped."),
        (["“we will never compromise,”"], "We will never compromise."),
        (['"It is fair"'], "It is fair."),
        (["‘It isn’t fair’"], "‘It isn’t fair’."),
        (["‘It is fair’"], "It is fair."),
        (["«es ist genug»"], "Es ist genug."),
        (["„es ist genug“"], "Es ist genug."),
        (["Huawei was “a risk to us all”"], "Huawei was “a risk to us all”."),
        (["“safe” as it was, it was not “sound.”"], "“Safe” as it was, it was not “sound.”"),
        (["it would be repaired” soon"], "It would be repaired soon."),
        (["that it would be “repaired soon"], "It would be repaired soon."),
        (["“that it was fair”"], "It was fair."),
        # several parts
        (["The bridge,", "will be closed at night."], "The bridge will be closed at night."),
        (["It is closed.", "Nobody will pass."], "It is closed. Nobody will pass."),
        # other scripts, and nothing
        (["ستتأخر الشبكة الجديدة"], "ستتأخر الشبكة الجديدة."),
        (["هل ستتأخر؟"], "هل ستتأخر؟"),
        ([" ", ""], ""),
        (["…"], ""),
        ([], ""),
    ],
)
def test_words_become_a_sentence(parts, wanted):
    assert as_claim(parts) == wanted
