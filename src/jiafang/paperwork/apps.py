"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperworkConfig(AppConfig):
    name = "jiafang.paperwork"
    label = "paperwork"
    verbose_name = _("文书")
