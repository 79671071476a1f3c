"""The one place where data is marked as HTML: JSON-LD, in an element that browsers never run."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_ESCAPED = {ord(mark): f"\\u{ord(mark):04X}" for mark in "<>&"}
"""As Django's json_script, which can write no other type than application/json."""


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """A script element of type application/ld+json, in which no text can end it or begin another."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{written}</script>')  # noqa: S308 every <, > and & is gone
