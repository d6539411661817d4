"""Activities to join, for everybody: never a list of persons."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.volunteers import actions, checkin
from registry.volunteers.calls import ActivityList
from registry.volunteers.choices import CheckInWay
from registry.volunteers.forms import CheckInForm
from registry.volunteers.models import Activity, Shift, SignUp
from registry.volunteers.views.access import volunteer_of
from search.ratelimit import limited


@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What there is to join."""
    listing = ActivityList(request.GET)
    context = {"listing": listing, "breadcrumbs": [(_("志愿服务"), "")]}
    response = render(request, "volunteers/activities.html", context)
    if (seconds := listing.valid_for()) is not None:
        patch_cache_control(response, max_age=seconds)
    return response


@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """What an activity is, and its shifts; to who is signed in, how they stand with each."""
    found = get_object_or_404(Activity.objects.select_related("place", "organization", "team"), pk=pk)
    if not found.is_public:
        raise Http404(_("没有这个活动。"))
    volunteer = volunteer_of(request)
    shifts = list(found.shifts.filter(ends_at__gt=timezone.now()).counted().order_by("starts_at", "pk"))
    mine = {}
    if volunteer is not None:
        own = volunteer.sign_ups.filter(shift__in=shifts)
        mine = {sign_up.shift_id: sign_up for sign_up in own}
    for shift in shifts:
        shift.activity = found
    context = {
        "activity": found,
        "place": found.place.full_name,
        "shifts": [(shift, shift.taken < shift.slots, mine.get(shift.pk)) for shift in shifts],  # type: ignore[attr-defined]
        "volunteer": volunteer,
        "breadcrumbs": [(_("志愿服务"), reverse("volunteers:activities")), (found.title, "")],
    }
    response = render(request, "volunteers/activity.html", context)
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    elif (seconds := _valid_for(shifts)) is not None:
        patch_cache_control(response, max_age=seconds)
    return response


@method_decorator([never_cache, limited("form", methods=("POST",))], name="dispatch")  # type: ignore[list-item]
class CheckInView(View):
    """Where the organizer's QR code leads: with an account one button, else name and the phone number's end."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask who is here."""
        shift = checkin.shift_of(token)
        return self._page(request, shift, CheckInForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Note who is here."""
        shift = checkin.shift_of(token, filling_in=True)
        if shift is None:
            return self._page(request, None, CheckInForm())
        volunteer = volunteer_of(request)
        if volunteer is not None and "account" in request.POST:
            sign_up = shift.sign_ups.filter(volunteer=volunteer).first()
            return self._check_in(request, shift, sign_up, CheckInWay.ACCOUNT, CheckInForm())
        form = CheckInForm(request.POST)
        if not form.is_valid():
            return self._page(request, shift, form)
        found = checkin.find_by_phone(shift, name=form.cleaned_data["name"], tail=form.cleaned_data["tail"])
        return self._check_in(request, shift, found, CheckInWay.PHONE, form)

    def _check_in(
        self, request: HttpRequest, shift: Shift, sign_up: SignUp | None, way: str, form: CheckInForm
    ) -> HttpResponse:
        try:
            if sign_up is None:
                raise ValidationError("")
            actions.check_in(sign_up=sign_up, way=way, by=request.user if way == CheckInWay.ACCOUNT else None)
        except ValidationError:
            # One answer to a wrong name, a wrong number and no sign-up: the form tells nobody who takes part.
            refusal = _("没有找到这一场的报名，请核对，或者找组织者登记。")
            return self._page(request, shift, form, refusal)
        return render(request, "volunteers/checked_in.html", {"shift": shift})

    def _page(self, request: HttpRequest, shift: Shift | None, form: CheckInForm, refusal: str = "") -> HttpResponse:
        context = {"shift": shift, "form": form, "refusal": refusal, "volunteer": volunteer_of(request)}
        return render(request, "volunteers/check_in.html", context, status=410 if shift is None else 200)


def _valid_for(shifts: list[Shift]) -> int | None:
    now = timezone.now()
    moments = [moment for shift in shifts for moment in (shift.cut_off, shift.starts_at, shift.ends_at) if moment > now]
    return max(1, int((min(moments) - now).total_seconds())) if moments else None
