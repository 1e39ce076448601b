"""The installation's keys: made once, kept in a folder of their own, outside the database and outside backups."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True)
class Keys:
    """Master keys by id (32 bytes each) and the id that new ciphertext uses."""

    current: str
    masters: dict[str, bytes]

    def derive(self, purpose: str, key_id: str | None = None) -> bytes:
        """A 32-byte key for one purpose; purposes that index or chain always use the first master, so that
        turning the encryption key does not orphan lookups."""
        master = self.masters[key_id or self.current]
        return HKDF(algorithm=SHA256(), length=32, salt=b"jiafang", info=purpose.encode()).derive(master)

    def lasting(self, purpose: str) -> bytes:
        """A key that stays the same when the current key turns (blind indexes, tokens, audit chain)."""
        return self.derive(purpose, min(self.masters))

    def text(self, purpose: str) -> str:
        return base64.urlsafe_b64encode(self.lasting(purpose)).decode()


def load_or_create(folder: Path) -> Keys:
    """Read ``folder/master.json`` (``{"current": id, "keys": {id: base64}}``), making it when there is none.

    Two processes starting at once agree, because the file appears by an exclusive link.
    """
    file = folder / "master.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = folder / f".master-{os.getpid()}-{secrets.token_hex(4)}"
        body = {"current": "k1", "keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()}}
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(body, out)
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    data = json.loads(file.read_text())
    return Keys(data["current"], {k: base64.b64decode(v) for k, v in data["keys"].items()})
