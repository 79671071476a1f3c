from django import template
from django.utils.functional import Promise

from annotations.telling import BASES, POSITIONS

register = template.Library()


@register.filter
def position_word(position: str) -> str | Promise:
    """A position on a claim in the reader's language; as it is where it is none."""
    return POSITIONS.get(position, position)


@register.filter
def basis_word(basis: str) -> str | Promise:
    """On what basis something was told, in the reader's language."""
    return BASES.get(basis, basis)
