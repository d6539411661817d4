"""Addresses below /organizations/."""

from django.urls import path, re_path

from registry.organizations.views import filing, managing, public

app_name = "organizations"

urlpatterns = [
    path("", public.directory, name="directory"),
    path("register/", filing.start, name="start"),
    path("register/members.xlsx", filing.members_template, name="members_template"),
    path("register/<str:county>/", filing.new, name="new"),
    path("filings/<int:pk>/", filing.filing, name="filing"),
    path("filings/<int:pk>/review/", filing.review, name="review"),
    path("filings/<int:pk>/discard/", filing.discard, name="discard"),
    path("filings/<int:pk>/files/<int:file>/", filing.download, name="file"),
    path("filings/<int:pk>/files/<int:file>/remove/", filing.remove_file, name="remove_file"),
    path("filings/<int:pk>/<slug:slug>/", filing.step, name="step"),
    path("mine/", managing.mine, name="mine"),
    path("mine/<str:number>/", managing.desk, name="desk"),
    path("mine/<str:number>/renew/", managing.renew, name="renew"),
    path("mine/<str:number>/services/new/", managing.service, name="new_service"),
    path("mine/<str:number>/services/<int:pk>/", managing.service, name="service"),
    re_path(
        r"^mine/(?P<number>\d+)/services/(?P<pk>\d+)/(?P<verb>confirm|withdraw)/$",
        managing.service_verb,
        name="service_verb",
    ),
    path("mine/<str:number>/reports/<int:year>/", managing.annual_report, name="annual_report"),
    path("mine/<str:number>/managers/new/", managing.managers, name="new_manager"),
    path("mine/<str:number>/managers/<int:pk>/remove/", managing.remove_manager, name="remove_manager"),
    re_path(r"^(?P<number>\d{10,20})/$", public.detail, name="detail"),
]
