"""Accounts and the audit chain."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import PathField
from jiafang.lib import clock
from jiafang.lib.ids import uuid7


class AccountManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """A sign-in. What it may do follows from the appointments of the person it belongs to, never from the account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    email = models.EmailField(_("邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("首次登录须改密码"), default=False)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name


class AuditRow(models.Model):
    """One act. Append-only: the chain of ``mac`` over a scope breaks when a row is edited, deleted or slipped in."""

    scope = PathField(max_length=60)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    staff_id = models.UUIDField(null=True)
    who = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    path = PathField(max_length=120)
    target = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        constraints = [models.UniqueConstraint(fields=["scope", "seq"], name="audit_seq_once")]
        indexes = [
            models.Index(fields=["target", "target_id"], name="audit_target"),
            models.Index(fields=["path", "at"], name="audit_path"),
        ]


class AuditHead(models.Model):
    """The end of a scope's chain; locked while a row is added."""

    scope = PathField(max_length=60, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("审计链头")
