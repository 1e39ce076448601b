"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    name = "jiafang.planning"
    label = "planning"
    verbose_name = _("家访安排")
