"""Addresses of funds."""

from django.urls import path

from . import views

app_name = "funds"
urlpatterns = [
    path("", views.directory, name="directory"),
    path("grants.json", views.grants, name="grants"),
    path("<slug:code>/", views.fund, name="fund"),
    path("<slug:code>/goods/", views.goods, name="goods"),
    path("<slug:code>/donors/", views.donors, name="donors"),
    path("<slug:code>/statements/", views.statements, name="statements"),
    path("<slug:code>/statements/<slug:day>/", views.statement, name="statement"),
    path("<slug:code>/statements/<slug:day>/statement.pdf", views.statement_pdf, name="statement_pdf"),
    path("<slug:code>/statements/<slug:day>/statement.csv", views.statement_csv, name="statement_csv"),
    path("<slug:code>/corrections/<int:pk>.pdf", views.correction_pdf, name="correction_pdf"),
]
