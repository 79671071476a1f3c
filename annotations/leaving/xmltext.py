"""Text that XML can hold."""

import re

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def writable(text: str) -> str:
    """The text without the characters that XML 1.0 has no way to write."""
    return _NOT_IN_XML.sub("", text)
