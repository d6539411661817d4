"""Addresses of laws and articles."""

from django.urls import URLPattern

app_name = "laws"
urlpatterns: list[URLPattern] = []
