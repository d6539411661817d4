"""Who issues the papers of a place."""

from django.utils.translation import gettext as _

from registry.places.models import Kind, Place


def is_community(place: Place) -> bool:
    """Whether it is a community, whose residents' committee stands where a village's villagers' committee does."""
    return not place.name.endswith("村")


def issuer(place: Place) -> str:
    """The body that issues the papers of a place: 石桥村村民委员会, 清溪镇人民政府."""
    match place.kind, place.name:
        case Kind.VILLAGE, name if is_community(place):
            return _("%(name)s居民委员会") % {"name": name}
        case Kind.VILLAGE, name:
            return _("%(name)s村民委员会") % {"name": name}
        case Kind.TOWNSHIP, name if name.endswith("街道"):
            return _("%(name)s办事处") % {"name": name}
        case Kind.TOWNSHIP | Kind.COUNTY, name:
            return _("%(name)s人民政府") % {"name": name}
        case _kind, name:
            return str(name)
