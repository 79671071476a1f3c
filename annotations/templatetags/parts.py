"""Sentences of which a part is made by another template."""

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def part(content: SafeString) -> SafeString:
    """`{% part as day %}…{% endpart %}` keeps what stands in it for a `{% blocktranslate %}`, as {{ day }}.

    Spaces around it are no part of it: a file that is included ends with a line break.
    """
    return SafeString(content.strip())
