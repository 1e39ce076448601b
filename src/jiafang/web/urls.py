"""Addresses of the shell."""

from django.urls import path

from jiafang.web import views

app_name = "web"
urlpatterns = [
    path("", views.today, name="today"),
    path("healthz", views.health, name="health"),
]
