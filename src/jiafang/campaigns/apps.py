"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "jiafang.campaigns"
    label = "campaigns"
    verbose_name = _("活动")
