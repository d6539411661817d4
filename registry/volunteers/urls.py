"""Addresses below /volunteer/."""

from django.urls import URLPattern, URLResolver, include, path

from registry.volunteers.views import own, public, registering
from registry.volunteers.views.organizing import activities, certificates, hours, shifts

app_name = "volunteers"

organizing: list[URLPattern] = [
    path("", activities.activities, name="organizing"),
    path("activities/new/", activities.new, name="organizing_new"),
    path("activities/<int:pk>/", activities.activity, name="organizing_activity"),
    path("activities/<int:pk>/edit/", activities.edit, name="organizing_edit"),
    path("activities/<int:pk>/publish/", activities.publish, name="organizing_publish"),
    path("activities/<int:pk>/cancel/", activities.cancel, name="organizing_cancel"),
    path("activities/<int:pk>/shifts/", shifts.new, name="organizing_shift_new"),
    path("shifts/<int:pk>/", shifts.sheet, name="organizing_sheet"),
    path("shifts/<int:pk>/edit/", shifts.edit, name="organizing_shift_edit"),
    path("shifts/<int:pk>/cancel/", shifts.cancel, name="organizing_shift_cancel"),
    path("shifts/<int:pk>/code/", shifts.check_in_code, name="organizing_code"),
    path("shifts/<int:pk>/enrol/", shifts.enrol, name="organizing_enrol"),
    path("sign-ups/<int:pk>/check-in/", shifts.check_in, name="organizing_check_in"),
    path("hours/", hours.ledger, name="organizing_hours"),
    path("hours/<int:pk>/", hours.line, name="organizing_line"),
    path("certificates/", certificates.certificates, name="organizing_certificates"),
    path("certificates/<int:pk>/", certificates.certificate, name="organizing_certificate"),
    path("certificates/<int:pk>/file/", certificates.paper, name="organizing_certificate_file"),
    path("certificates/<int:pk>/refuse/", certificates.refuse, name="organizing_certificate_refuse"),
    path("certificates/<int:pk>/revoke/", certificates.revoke, name="organizing_certificate_revoke"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.activities, name="activities"),
    path("activities/<int:pk>/", public.activity, name="activity"),
    path("shifts/<int:pk>/sign-up/", own.sign_up, name="sign_up"),
    path("sign-ups/<int:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("check-in/<str:token>/", public.CheckInView.as_view(), name="check_in"),
    path("register/", registering.RegisterView.as_view(), name="register"),
    path("mine/", own.mine, name="own"),
    path("mine/hours/confirm/", own.confirm_all, name="confirm_all"),
    path("mine/hours/<int:pk>/confirm/", own.confirm, name="confirm"),
    path("mine/hours/<int:pk>/object/", own.object_to, name="object"),
    path("mine/hours/<int:pk>/retract/", own.retract, name="retract"),
    path("mine/certificates/", own.request_certificate, name="request_certificate"),
    path("mine/certificates/<int:pk>.pdf", own.certificate, name="certificate"),
    path("organizing/<str:number>/", include(organizing)),
]
