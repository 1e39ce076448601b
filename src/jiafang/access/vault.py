"""Sealed columns: text encrypted at rest, opened only under a policy verb and never by reading an attribute.

A sealed value is ``key id (2 bytes length + id) + nonce + ciphertext``; its associated data is
``table/column/pk``, so a value copied to another row or column does not open. The cipher is behind
``PROVIDERS`` (AES-256-GCM today); the key id in the value lets keys turn without rewriting the table.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

PROVIDERS: dict[str, Callable[[bytes], AESGCM]] = {"aes": AESGCM}


class SealBroken(Exception):
    """The stored bytes are not what was sealed for this row and column."""


@lru_cache(maxsize=16)
def _cipher(key_id: str) -> AESGCM:
    return PROVIDERS["aes"](settings.KEYS.derive("vault", key_id))


def seal(text: str, aad: str) -> bytes:
    """Encrypt ``text`` for the place named by ``aad`` (``table/column/pk``)."""
    key_id = settings.KEYS.current
    name = key_id.encode()
    nonce = secrets.token_bytes(12)
    return bytes([len(name)]) + name + nonce + _cipher(key_id).encrypt(nonce, text.encode(), aad.encode())


def unseal(blob: bytes, aad: str) -> str:
    """The text of ``blob``; raises ``SealBroken`` when it was not sealed for ``aad``. Only this package calls it."""
    blob = bytes(blob)
    size = blob[0]
    key_id, rest = blob[1 : 1 + size].decode(), blob[1 + size :]
    try:
        return _cipher(key_id).decrypt(rest[:12], rest[12:], aad.encode()).decode()
    except (InvalidTag, KeyError) as broken:
        raise SealBroken(aad) from broken


@lru_cache(maxsize=16)
def _lasting(purpose: str) -> bytes:
    return settings.KEYS.lasting(purpose)


def blind(purpose: str, value: str) -> str:
    """A keyed fingerprint (32 hex digits) to look a sealed value up by; equal values of one purpose agree."""
    return hmac.digest(_lasting(f"blind/{purpose}"), value.encode(), "sha256").hex()[:32]


@lru_cache(maxsize=256)
def token(kind: str) -> str:
    """The keyed token (16 hex digits) under which a kind of care is stored, so that it can be counted."""
    return hmac.new(_lasting("token"), kind.encode(), hashlib.sha256).hexdigest()[:16]


class Sealed:
    """What a sealed attribute holds: opaque; ``access.reading.open_sealed`` opens it under a verb."""

    __slots__ = ("_fresh", "aad", "blob")

    def __init__(self, aad: str, *, blob: bytes | None = None, fresh: str | None = None):
        self.aad, self.blob, self._fresh = aad, blob, fresh

    def to_bytes(self) -> bytes:
        return self.blob if self._fresh is None else seal(self._fresh, self.aad)

    def _text(self) -> str:
        return unseal(self.blob, self.aad) if self._fresh is None else self._fresh

    def __bool__(self) -> bool:
        return bool(self.blob) or bool(self._fresh)

    def __str__(self) -> str:
        return "•••"

    __repr__ = __str__


class _SealedAttribute:
    def __init__(self, field: "SealedTextField"):
        self.field = field

    def __get__(self, row, owner=None):
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
        value = row.__dict__[self.field.attname]
        if value is None or isinstance(value, Sealed):
            return value
        aad = self.field.aad(row.pk)
        return Sealed(aad, fresh=value) if isinstance(value, str) else Sealed(aad, blob=bytes(value))

    def __set__(self, row, value) -> None:
        if isinstance(value, Sealed) and value.aad != self.field.aad(row.pk):
            raise SealBroken(f"{value.aad} assigned to {self.field.aad(row.pk)}")
        row.__dict__[self.field.attname] = None if value == "" else value


class SealedTextField(models.BinaryField):
    """Text at rest only as ciphertext. Assign a ``str``; reading gives a ``Sealed``. The row needs its pk at birth."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _SealedAttribute(self))

    def aad(self, pk) -> str:
        if pk is None:
            raise SealBroken(f"{self.model.__name__} has no pk to seal {self.column} for")
        return f"{self.model._meta.db_table}/{self.column}/{pk}"

    def get_prep_value(self, value):
        return value.to_bytes() if isinstance(value, Sealed) else super().get_prep_value(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        if isinstance(value, str):
            raise TypeError(f"plain text for sealed column {self.column}")
        if isinstance(value, Sealed):
            value = value.to_bytes()
        return super().get_db_prep_value(value, connection, prepared)

    def get_default(self):
        return None


def texts(sealed: Iterable[Sealed | None]) -> list[str]:
    """Open many at once, ``""`` for none. For ``access.reading`` and for services that re-seal; never for views."""
    return [s._text() if s else "" for s in sealed]
