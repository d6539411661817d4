"""The demo: people to sign in as, the site's tree, and where statute texts are looked for."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group

from accounts.models import Appointment, User
from accounts.roles import Role
from home import setup
from home.models import HomePage
from registry.places.models import Place

# No letters and digits that are mistaken for one another when read from a screen.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class DemoUser:
    """Someone to sign in as."""

    username: str
    display_name: str
    groups: tuple[str, ...] = ()
    superuser: bool = False
    role: str = ""
    place: str = ""
    """The code of the place at which the role is held."""


USERS = (
    DemoUser("admin", "系统管理员", superuser=True),
    DemoUser("bianji", "编辑小周", groups=("编辑",)),
    DemoUser("shenhe", "审核员老李", groups=("审核员",)),
    DemoUser("zhen", "清溪镇干部陈晓", role=Role.TOWNSHIP_OFFICIAL, place="990100001"),
    DemoUser("cun", "柳河村干部李建国", role=Role.VILLAGE_OFFICIAL, place="990100001201"),
    DemoUser("pingyi", "柳河村评议员王秀英", role=Role.POINTS_REVIEWER, place="990100001201"),
    DemoUser("pingyi2", "柳河村评议员赵守信", role=Role.POINTS_REVIEWER, place="990100001201"),
    DemoUser("xuanchuan", "柳河村宣传员小吴", role=Role.EDITOR, place="990100001201"),
    DemoUser("zhiyuan", "清溪镇志愿者"),
    DemoUser("shenji", "云溪县审计员", role=Role.COUNTY_AUDITOR, place="990100"),
)


def find_laws(given: str = "") -> str:
    """Where the statute texts are: what was asked for, else the setting, else the folder beside the checkout.

    Returns an empty string when there is none.
    """
    if asked := given or settings.LAWS_SOURCE:
        return asked
    beside = Path(settings.BASE_DIR).parent / "shared" / "data" / "laws"
    return str(beside) if beside.is_dir() else ""


def ensure_site(port: int) -> HomePage:
    """The demo's home page, and the township that it is of."""
    home = setup.ensure_home(port=port)
    setup.fill_in_township(home)
    return home


def password_file() -> Path:
    """Where the demo's random passwords are kept, readable by this user alone."""
    return Path(settings.DATA_DIR) / "demo-passwords.json"


def passwords() -> dict[str, str]:
    """The demo users' passwords by name; empty when this is not a demo."""
    file = password_file()
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def ensure_users() -> list[str]:
    """Make the demo's users that are missing, with random passwords. Returns the names of those made."""
    kept = passwords()
    made = []
    for person in USERS:
        if User.objects.filter(username=person.username).exists():
            continue
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        user = User.objects.create_user(
            person.username,
            f"{person.username}@example.com",
            password,
            display_name=person.display_name,
            is_staff=person.superuser,
            is_superuser=person.superuser,
        )
        user.groups.set(Group.objects.filter(name__in=person.groups))
        for place in Place.objects.filter(code=person.place) if person.role else ():
            Appointment.objects.create(user=user, role=person.role, place=place)
        kept[person.username] = password
        made.append(person.username)
    if made:
        file = password_file()
        file.touch(mode=0o600)
        file.write_text(json.dumps(kept), encoding="utf-8")
    return made
