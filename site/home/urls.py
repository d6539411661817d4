"""The site's own small addresses, below `/-/`: health, the reader's preferences, the pattern page."""

from django.urls import path

from . import health, views

app_name = "home"
urlpatterns = [
    path("alive", health.alive, name="alive"),
    path("ready", health.ready, name="ready"),
    path("preferences/", views.save_preferences, name="preferences"),
    path("patterns/", views.patterns, name="patterns"),
]
