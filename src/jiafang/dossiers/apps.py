"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    name = "jiafang.dossiers"
    label = "dossiers"
    verbose_name = _("成长档案")
