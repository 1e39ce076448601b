"""Root addresses: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("figures/", include("jiafang.reports.urls")),
    path("", include("jiafang.web.urls")),
]
