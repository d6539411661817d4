"""Addresses below /points/."""

from django.urls import URLPattern, path

from .views import household, public

app_name = "points"
urlpatterns: list[URLPattern] = [
    path("", public.index, name="index"),
    path("<slug:code>/", public.village, name="village"),
    path("<slug:code>/publicity/", public.publicity, name="publicity"),
    path("<slug:code>/publicity/<int:pk>/object/", public.object_to, name="object"),
    path("<slug:code>/objected/", public.objected, name="objected"),
    path("<slug:code>/household/", household.identify, name="identify"),
    path("<slug:code>/household/claims/<int:pk>/", household.identify_for, name="identify_for"),
    path("<slug:code>/household/passbook/", household.passbook, name="passbook"),
    path("<slug:code>/household/declare/", household.declare, name="declare"),
    path("<slug:code>/household/claims/<int:pk>/object/", household.object_to, name="object_to_own"),
    path("<slug:code>/household/leave/", household.leave, name="leave"),
]
