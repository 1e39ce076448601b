"""Addresses of the import wizard."""

from django.urls import path

from jiafang.roster import views

app_name = "roster"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.upload, name="upload"),
    path("template.xlsx", views.template, name="template"),
    path("<uuid:pk>/", views.one, name="import"),
    path("<uuid:pk>/mapping/", views.mapping, name="mapping"),
    path("<uuid:pk>/rows/", views.rows, name="rows"),
    path("<uuid:pk>/apply/", views.apply, name="apply"),
    path("<uuid:pk>/progress/", views.progress, name="progress"),
    path("<uuid:pk>/undo/", views.undo, name="undo"),
    path("<uuid:pk>/discard/", views.discard, name="discard"),
]
