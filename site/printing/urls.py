"""Public addresses of printing: the verification of papers."""

from django.urls import URLPattern, path

from . import views

app_name = "printing"
urlpatterns: list[URLPattern] = [
    path("", views.verify_form, name="verify_form"),
    path("<str:code>/", views.verify, name="verify"),
]
