"""Addresses of the figures."""

from django.urls import path

from jiafang.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("schools/", views.schools, name="schools"),
    path("at/<int:unit>/", views.school, name="school"),
    path("indicators/", views.definitions, name="definitions"),
    path("<uuid:campaign>/<int:unit>/", views.unit_figures, name="unit"),
    path("<uuid:campaign>/<int:unit>/table/", views.table, name="table"),
    path("<uuid:campaign>/<int:unit>/categories/", views.categories, name="categories"),
    path("<uuid:campaign>/<int:unit>/late/", views.late, name="late"),
    path("<uuid:campaign>/<int:unit>/rows/<slug:code>/", views.rows, name="rows"),
    path("<uuid:campaign>/<int:unit>/release/<slug:code>/", views.release, name="release"),
]
