"""Below /points/."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "points"


def village(request: HttpRequest, code: str) -> HttpResponse:
    raise NotImplementedError


urlpatterns = [path("<str:code>/", village, name="village")]
