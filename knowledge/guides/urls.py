"""Addresses of guides that are not pages."""

from django.urls import URLPattern

app_name = "guides"
urlpatterns: list[URLPattern] = []
