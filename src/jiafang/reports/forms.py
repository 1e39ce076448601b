"""The one form of the figures."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea,
        help_text=_("例：经局长办公会研究，公布劝返总数。"),
        error_messages={"required": _("请写明公布的理由。")},
    )
