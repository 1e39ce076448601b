"""The audit chain: one row for each act, in the act's own transaction, chained by HMAC for each school.

The head of each chain is also written to a small file outside the database after the commit, so that cutting the
end of the table off is noticed. ``verify`` walks all of it.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from jiafang.access.actors import Actor
from jiafang.access.models import AuditHead, AuditRow
from jiafang.lib import clock


def scope_of(path: str) -> str:
    """The chain a path belongs to: the top bureau and what stands directly under it (as a rule, the school)."""
    return ".".join(path.split(".")[:2]).rstrip(".") + "." if path else "-"


@cache
def _follow():
    return import_string(settings.REACTIONS)


def record(actor: Actor, verb: str, *, path: str, target: Any = None, detail: dict | None = None) -> AuditRow:
    """Write the row of an act and let ``config/reactions.py`` do what follows it.

    Must run inside the act's transaction. ``detail`` holds codes, ids and counts, never a child's data.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{verb}: audit outside a transaction")
    scope = scope_of(path)
    head, _made = AuditHead.objects.select_for_update().get_or_create(scope=scope)
    row = AuditRow(
        scope=scope,
        seq=head.seq + 1,
        at=clock.now(),
        account_id=actor.account_id,
        staff_id=actor.staff_id,
        who=(actor.name or actor.why)[:80] if not actor.is_system else f"系统：{actor.why}"[:80],
        verb=verb,
        path=path,
        target=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        detail=detail or {},
    )
    row.mac = _mac(row, head.mac)
    row.save(force_insert=True)
    head.seq, head.mac = row.seq, row.mac
    head.save(update_fields=["seq", "mac"])
    transaction.on_commit(lambda: _anchor(scope, row.seq, row.mac))
    _follow()(actor, verb, target, row.detail)
    return row


def _mac(row: AuditRow, previous: str) -> str:
    body = json.dumps(
        [
            previous, row.scope, row.seq, row.at.isoformat(timespec="microseconds"), str(row.account_id or ""),
            str(row.staff_id or ""), row.who, row.verb, row.path, row.target, row.target_id, row.detail,
        ],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hmac.new(settings.KEYS.lasting("audit"), body.encode(), hashlib.sha256).hexdigest()


def _anchor_file(scope: str) -> Path:
    return Path(settings.ANCHORS) / f"{scope.strip('.').replace('.', '-') or 'none'}.json"


def _read_anchor(scope: str) -> dict:
    try:
        return json.loads(_anchor_file(scope).read_text())
    except FileNotFoundError:
        return {}


def _anchor(scope: str, seq: int, mac: str) -> None:
    if _read_anchor(scope).get("seq", 0) > seq:
        return
    file = _anchor_file(scope)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"scope": scope, "seq": seq, "mac": mac}))
    fresh.replace(file)


def verify() -> Iterator[str]:
    """Every fault of every chain, in plain words; nothing when all is well."""
    heads = {h.scope: h for h in AuditHead.objects.all()}
    anchors = {}
    for file in Path(settings.ANCHORS).glob("*.json"):
        anchor = json.loads(file.read_text())
        anchors[anchor["scope"]] = anchor
    for scope in sorted({*heads, *anchors, *AuditRow.objects.order_by().values_list("scope", flat=True).distinct()}):
        yield from _verify_scope(scope, heads.get(scope), anchors.get(scope, {}))


def _verify_scope(scope: str, head: AuditHead | None, anchor: dict) -> Iterator[str]:
    previous, seq = "", 0
    for row in AuditRow.objects.filter(scope=scope).order_by("seq").iterator():
        seq += 1
        if row.seq != seq:
            yield f"审计链 {scope}：第 {seq} 条缺失"
            seq = row.seq
        if not hmac.compare_digest(row.mac, _mac(row, previous)):
            yield f"审计链 {scope}：第 {row.seq} 条被改动或前一条缺失"
        if anchor.get("seq") == row.seq and anchor["mac"] != row.mac:
            yield f"审计链 {scope}：第 {row.seq} 条与库外锚点不符"
        previous = row.mac
    if head is None or head.seq != seq or head.mac != previous:
        yield f"审计链 {scope}：末尾与链头不符（链头第 {head.seq if head else 0} 条，实有 {seq} 条）"
    if anchor.get("seq", 0) > seq:
        yield f"审计链 {scope}：末尾被截去（锚点第 {anchor['seq']} 条，实有 {seq} 条）"
