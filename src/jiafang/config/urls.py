"""Root addresses: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("campaigns/", include("jiafang.campaigns.urls")),
    path("dossiers/", include("jiafang.dossiers.urls")),
    path("figures/", include("jiafang.reports.urls")),
    path("visits/", include("jiafang.visits.urls")),
    path("rosters/", include("jiafang.roster.urls")),
    path("", include("jiafang.planning.urls")),
    path("units/", include("jiafang.units.urls")),
    path("", include("jiafang.web.urls")),
]
