"""Addresses below /volunteer/."""

from django.urls import URLPattern, path

from registry.volunteers.views import own, public

app_name = "volunteers"
urlpatterns: list[URLPattern] = [
    path("", public.activities, name="activities"),
    path("activities/<int:pk>/", public.activity, name="activity"),
    path("shifts/<int:pk>/sign-up/", own.sign_up, name="sign_up"),
    path("sign-ups/<int:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("check-in/<str:token>/", public.CheckInView.as_view(), name="check_in"),
    path("register/", own.RegisterView.as_view(), name="register"),
    path("mine/", own.mine, name="own"),
    path("mine/hours/confirm/", own.confirm_all, name="confirm_all"),
    path("mine/hours/<int:pk>/confirm/", own.confirm, name="confirm"),
    path("mine/hours/<int:pk>/object/", own.object_to, name="object"),
    path("mine/hours/<int:pk>/retract/", own.retract, name="retract"),
    path("mine/certificates/", own.request_certificate, name="request_certificate"),
    path("mine/certificates/<int:pk>.pdf", own.certificate, name="certificate"),
]
