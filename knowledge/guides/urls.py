"""Addresses of guides that are not pages: everything about a life event or a topic."""

from django.urls import URLPattern, path

from . import views

app_name = "guides"
urlpatterns: list[URLPattern] = [
    path("life/", views.life_events, name="life_events"),
    path("life/<slug:slug>/", views.life_event, name="life_event"),
    path("topics/", views.topics, name="topics"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
]
