"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RosterConfig(AppConfig):
    name = "jiafang.roster"
    label = "roster"
    verbose_name = _("学生与家庭")
