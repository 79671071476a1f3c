"""The file of a small table, and the same once its rows have been looked at."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from annotations.resources import TableResource
from annotations.tables import LARGEST, MOST_ROWS, Table, TableError

SALT = "annotations.tables"


class TableForm(forms.Form):
    """A file with a table. `table` and `content` hold what is in it."""

    file = forms.FileField(
        help_text=f"CSV, or JSON with an object a row. Up to {LARGEST // 1024**2} MB and {MOST_ROWS:,} rows.",
        error_messages={"required": "Choose a file."},
    )

    table: Table
    content: bytes

    FIELDSETS = [(None, {"fields": ["file"]})]

    def __init__(self, *args: Any, resource: type[TableResource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resource = resource

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        self.content = file.read(LARGEST + 1)
        try:
            self.table = self.resource.table_of(self.content)
        except TableError as error:
            raise ValidationError(error.reasons) from None
        return file


def signed(data: bytes, resource: type[TableResource]) -> str:
    """The file as it travels in the form between looking and storing, so that none lies about if a person leaves."""
    return signing.dumps(data.decode("latin-1"), salt=f"{SALT}.{resource.__name__}", compress=True)


def unsigned(said: str, resource: type[TableResource]) -> bytes:
    """Raises signing.BadSignature for what we have not signed for this kind of table."""
    return str(signing.loads(said, salt=f"{SALT}.{resource.__name__}")).encode("latin-1")
