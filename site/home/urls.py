"""The site's own small addresses, below `/-/`: health, the reader's preferences, the pattern page."""

from django.urls import URLPattern

app_name = "home"
urlpatterns: list[URLPattern] = []
