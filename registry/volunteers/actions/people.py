"""Registering volunteers, and looking at what is kept of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.sensitive import fingerprint
from registry.places.models import Place
from registry.volunteers.choices import IdType
from registry.volunteers.models import Volunteer
from registry.volunteers.numbers import born_on, clean_id_number, clean_phone, of_age_on

_CHANGEABLE = {"name", "phone", "place", "guardian_name", "guardian_phone", "guardian_consented_on"}


class Guardian(NamedTuple):
    """Who agreed for a minor, and when."""

    name: str
    phone: str
    consented_on: date


class Revealed(NamedTuple):
    """What is otherwise masked."""

    id_number: str
    phone: str
    guardian_phone: str


@transaction.atomic
def register_volunteer(
    *,
    name: str,
    id_type: str,
    id_number: str,
    birth_date: date,
    phone: str,
    place: Place,
    by: Any,
    consented_on: date | None = None,
    guardian: Guardian | None = None,
    skills: Iterable[str] = (),
    user: Any = None,
) -> Volunteer:
    """Put somebody on the register, with their consent of that day (today).

    Raises ValidationError by field: a number that cannot be, a birth date that is not the paper's, a paper that is
    registered already, a minor without a guardian.
    """
    number = _cleaned("id_number", clean_id_number, id_type, id_number)
    volunteer = Volunteer(
        name=name.strip(),
        id_type=id_type,
        id_number=number,
        id_fingerprint=fingerprint(number),
        birth_date=birth_date,
        of_age_on=of_age_on(birth_date),
        phone=_cleaned("phone", clean_phone, phone),
        place=place,
        user=user,
        consented_on=consented_on or timezone.localdate(),
    )
    _check_birth(volunteer)
    _set_guardian(volunteer, guardian)
    _save_new(volunteer)
    volunteer.skills.set(list(skills))
    audit.record(by=by, action="volunteers.register_volunteer", subject=volunteer, place=place, id_type=id_type)
    return volunteer


@transaction.atomic
def claim_volunteer(*, name: str, id_type: str, id_number: str, phone: str, user: Any, by: Any) -> Volunteer | None:
    """Join an account to a volunteer whom an official registered: when name, paper and phone are all the same.

    None when the paper is not registered. Raises ValidationError when it is, and anything else differs.
    """
    number = _cleaned("id_number", clean_id_number, id_type, id_number)
    found = Volunteer.objects.select_for_update().known_by(id_type, number).first()
    if found is None:
        return None
    same = found.name == name.strip() and found.phone == _cleaned("phone", clean_phone, phone)
    if not same or found.user_id is not None:
        raise ValidationError({"id_number": _("这个证件号码已经登记过。如果是您本人，请带证件到村、社区核对。")})
    _check_account(user)
    found.user = user
    found.save(update_fields=["user"])
    audit.record(by=by, action="volunteers.claim_volunteer", subject=found, place=found.place)
    return found


@transaction.atomic
def change_volunteer(
    *, volunteer: Volunteer, by: Any, skills: Iterable[str] | None = None, **changes: Any
) -> Volunteer:
    """Correct name, phone, place, guardian or skills. The paper and the birth date stay: they say who it is.

    Raises ValidationError by field.
    """
    if unknown := changes.keys() - _CHANGEABLE:
        raise TypeError(f"cannot change {sorted(unknown)}")
    for field in {"phone", "guardian_phone"} & changes.keys():
        changes[field] = _cleaned(field, clean_phone, changes[field]) if changes[field] else None
    if "phone" in changes and not changes["phone"]:
        raise ValidationError({"phone": _("请填写联系电话。")})
    stored: Volunteer = Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    changed = sorted(field for field, value in changes.items() if getattr(stored, field) != value)
    for field in changed:
        setattr(stored, field, changes[field])
    _check_guardian(stored)
    if changed:
        stored.save(update_fields=changed)
    if skills is not None:
        stored.skills.set(list(skills))
    audit.record(by=by, action="volunteers.change_volunteer", subject=stored, place=stored.place, changed=changed)
    return stored


@transaction.atomic
def reveal(*, volunteer: Volunteer, why: str, by: Any) -> Revealed:
    """The numbers in full, and a line that says who looked at them and why. Raises ValidationError without a reason."""
    if not why.strip():
        raise ValidationError({"why": _("请写明查看的理由。")})
    audit.record(by=by, action="volunteers.reveal", subject=volunteer, place=volunteer.place, why=why.strip())
    return Revealed(volunteer.id_number, volunteer.phone, volunteer.guardian_phone or "")


def _cleaned(field: str, clean: Any, *values: str) -> str:
    try:
        cleaned: str = clean(*values)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
    return cleaned


def _check_birth(volunteer: Volunteer) -> None:
    today = timezone.localdate()
    if volunteer.birth_date > today:
        raise ValidationError({"birth_date": _("出生日期不能在今天以后。")})
    if volunteer.birth_date.year < today.year - 120:
        raise ValidationError({"birth_date": _("出生日期太早，请核对。")})
    if volunteer.consented_on > today or volunteer.consented_on < volunteer.birth_date:
        raise ValidationError({"consented_on": _("同意日期要在出生以后、今天或以前。")})
    if volunteer.id_type == IdType.RESIDENT and born_on(volunteer.id_number) != volunteer.birth_date:
        raise ValidationError({"birth_date": _("出生日期与身份证号码中的不一致。")})


def _set_guardian(volunteer: Volunteer, guardian: Guardian | None) -> None:
    if guardian is not None:
        volunteer.guardian_name = guardian.name.strip()
        volunteer.guardian_phone = _cleaned("guardian_phone", clean_phone, guardian.phone)
        volunteer.guardian_consented_on = guardian.consented_on
    _check_guardian(volunteer)


def _check_guardian(volunteer: Volunteer) -> None:
    if volunteer.of_age_on <= volunteer.consented_on:
        return
    missing = {
        "guardian_name": volunteer.guardian_name,
        "guardian_phone": volunteer.guardian_phone,
        "guardian_consented_on": volunteer.guardian_consented_on,
    }
    errors = {field: _("未满十八周岁，必须填写。") for field, value in missing.items() if not value}
    if errors:
        raise ValidationError(errors)
    if volunteer.guardian_consented_on and volunteer.guardian_consented_on > timezone.localdate():
        raise ValidationError({"guardian_consented_on": _("同意日期不能在今天以后。")})


def _check_account(user: Any) -> None:
    """An account is one volunteer's."""
    if user is not None and Volunteer.objects.filter(user=user).exists():
        raise ValidationError(_("这个账号已经登记为志愿者。"))


def _save_new(volunteer: Volunteer) -> None:
    known = {"id_number": _("这个证件号码已经登记过。")}
    if Volunteer.objects.known_by(volunteer.id_type, volunteer.id_number).exists():
        raise ValidationError(known)
    _check_account(volunteer.user)
    try:
        with transaction.atomic():
            volunteer.save(force_insert=True)
    except IntegrityError as error:
        # Somebody registered the same paper, or the account, at the same moment.
        raise ValidationError(known) from error
