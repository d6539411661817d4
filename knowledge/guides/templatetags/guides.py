"""What the templates of guides need."""

from django import template
from django.utils.safestring import SafeString

from knowledge.guides.lawlinks import link_laws

register = template.Library()


@register.simple_block_tag
def lawlinks(content: str) -> SafeString:
    """`{% lawlinks %}…{% endlawlinks %}`: citations of articles in what is rendered between become links."""
    return link_laws(content)
