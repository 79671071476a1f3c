from django import template
from django.utils.functional import Promise

from annotations.telling import POSITIONS

register = template.Library()


@register.filter
def position_word(position: str) -> str | Promise:
    """A position on a claim in the reader's language; as it is where it is none."""
    return POSITIONS.get(position, position)
