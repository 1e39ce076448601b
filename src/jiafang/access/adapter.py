"""How sign-in behaves here: no self-registration; an account without a post in force cannot enter."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def set_password(self, user, password) -> None:
        # Whoever sets a password of his own has replaced the one-time password he was given.
        user.must_change_password = False
        super().set_password(user, password)

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        # By name and address together: counted by name alone, anybody could lock a teacher out from anywhere.
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"

    def authenticate(self, request, **credentials):
        account = super().authenticate(request, **credentials)
        if account is not None and import_string(settings.ACTOR_OF)(account) is None:
            raise ValidationError(_("这个账号目前没有任职，不能登录。请联系学校管理员。"))
        return account
