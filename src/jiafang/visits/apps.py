"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "jiafang.visits"
    label = "visits"
    verbose_name = _("家访")
