"""The words of each quote in one row, as readers see them, for the search."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from annotations.models.quotes import Quote


class QuoteText(models.Model):
    """The words that an editor last read, parts joined by an ellipsis. Written by triggers on anchors and quotes only.

    In English and as they stand: a quote doesn't know the language of its article, and with both, “will” is found
    in “we will not” too.
    """

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, primary_key=True, related_name="as_text")
    text = models.TextField()
    search = models.GeneratedField(
        expression=SearchVector("text", config="english") + SearchVector("text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [GinIndex(fields=["search"], name="quote_text_search")]

    def __str__(self) -> str:
        return self.text[:80]
