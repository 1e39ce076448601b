"""Addresses of the shell. Looks and language stand under ``accounts/`` because they are chosen before sign-in too."""

from django.urls import path
from django.views.i18n import set_language

from jiafang.web import views

app_name = "web"
urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("accounts/look/", views.look, name="look"),
    path("accounts/language/", set_language, name="language"),
    path("healthz", views.health, name="health"),
]
