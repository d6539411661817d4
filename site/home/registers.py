"""The demo's registers, made after its places and people."""

from collections.abc import Callable, Iterator

from accounts.models import User
from knowledge.points import demo as points
from registry.funds import demo as funds
from registry.organizations import demo as organizations
from registry.places import demo as places
from registry.places.models import Place
from registry.reporting import standing
from registry.volunteers import demo as volunteers
from registry.volunteers import demo_certificates as certificates

KEEPER = "zhen"
"""The demo's user who did what the registers tell of."""
VOLUNTEER = "zhiyuan"
"""The demo's user who is one of the volunteers."""


def steps() -> Iterator[tuple[str, Callable[[], object]]]:
    """What is made, by name, in order; each makes only what is missing."""
    keeper = User.objects.get(username=KEEPER)
    villages = places.villages()
    county = Place.objects.get(code=places.COUNTY[0])
    yield "社会组织", lambda: organizations.load(county=county, by=keeper)
    yield "志愿者、活动和时长", lambda: volunteers.load(places=villages, by=keeper)
    account = User.objects.get(username=VOLUNTEER)
    yield "志愿服务记录证明", lambda: certificates.load(places=villages, by=keeper, account=account)
    yield "社区基金", lambda: funds.load(places=villages, by=keeper)
    yield "积分", lambda: points.load(places=villages, by=keeper)
    yield "常用报表", standing.install
