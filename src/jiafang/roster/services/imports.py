"""The life of an import: kept, previewed, written whole or not at all, undone while nothing hangs on it."""

import base64
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.access.vault import SealedTextField, seal, texts
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.paperwork import services as paperwork
from jiafang.roster.models import Care, Enrolment, Guardian, Household, RosterImport, Student
from jiafang.roster.services import bulk
from jiafang.units.models import Appointment, BusyPeriod, Handover, Staff, Unit

State = RosterImport.State

# What rows stand on comes first; undoing goes the other way round.
ORDER = (Unit, Staff, Appointment, Handover, Household, Student, Enrolment, Guardian, Care, BusyPeriod)
# Rows that go with a new student when that is undone, and say nothing by themselves.
_OF_STUDENT = (Care, Guardian, Enrolment)
_CHUNK = 500
_UPLOAD_KEPT = timedelta(days=7)  # a preview nobody said yes to


@dataclass(slots=True)
class Changes:
    """What an import would write. `new`: model → (columns, rows); `changed`: model → pk → {attname: value}, sealed
    columns as plain text; `gone`: models → pks."""

    new: dict[type[models.Model], tuple[tuple[str, ...], list[tuple]]] = field(default_factory=dict)
    changed: dict[type[models.Model], dict[Any, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def rows(self, model: type[models.Model], *columns: str) -> list[tuple]:
        """The list that takes new rows of a model, given in the order of `columns`."""
        return self.new.setdefault(model, (columns, []))[1]

    def set(self, model: type[models.Model], pk: Any, **values: Any) -> None:
        self.changed[model].setdefault(pk, {}).update(values)

    def __bool__(self) -> bool:
        return any(rows for _columns, rows in self.new.values()) or any(self.changed.values()) or any(self.gone.values())


@transaction.atomic
def keep_upload(actor: Actor, *, unit: Unit, name: str, body: bytes) -> RosterImport:
    """Take a file in for a school or bureau; it is read by the importer next."""
    policy.demand(actor, "roster.import", path=unit.path)
    stale = RosterImport.objects.filter(unit=unit, stored__isnull=False, created_at__lt=clock.now() - _UPLOAD_KEPT)
    for old in stale.exclude(state=State.APPLYING).select_related("stored"):
        _forget_upload(old)
    stored = paperwork.store(path=unit.path, name=name, body=body)
    run = RosterImport(unit=unit, path=unit.path, stored=stored, file_name=stored.name, by_id=actor.staff_id)
    run.save(force_insert=True)
    return run


@transaction.atomic
def open_run(actor: Actor, *, unit: Unit, name: str) -> RosterImport:
    """An import whose file is read where it lies (command line, demo): nothing is stored."""
    policy.demand(actor, "roster.import", path=unit.path)
    run = RosterImport(unit=unit, path=unit.path, file_name=paperwork.clean_name(name), by_id=actor.staff_id)
    run.save(force_insert=True)
    return run


@transaction.atomic
def note_preview(
    actor: Actor, *, run: RosterImport, mapping: dict, counts: list[dict], errors: list[dict], doubts: Sequence[dict] = ()
) -> RosterImport:
    """Write down what a reading found; the import waits for a yes, or for corrections. Doubts stop nothing."""
    row = _locked(actor, run)
    if row.state not in (State.READING, State.PREVIEWED, State.REFUSED):
        raise Problem("state", _("这次导入已经开始写入，不能再改。"))
    row.mapping, row.counts, row.errors = mapping, {"sheets": counts, "doubts": list(doubts)}, errors
    row.state = State.REFUSED if errors else State.PREVIEWED
    row.save(update_fields=["mapping", "counts", "errors", "state"])
    return row


@transaction.atomic
def queue_import(actor: Actor, *, run: RosterImport) -> RosterImport:
    """Say yes to a preview: the writing is queued as a job in this transaction."""
    row = _locked(actor, run)
    if row.state != State.PREVIEWED:
        raise Problem("state", _("只有检查无误、等待确认的名册可以导入。"))
    if row.stored_id is None:
        raise Problem("gone", _("上传的文件已经从服务器删除，请重新上传。"))
    row.state, row.done, row.total = State.APPLYING, 0, 100
    row.save(update_fields=["state", "done", "total"])
    audit.record(actor, "roster.queue_import", path=row.path, target=row)
    return row


def note_progress(*, run: RosterImport, done: int) -> None:
    """How far the work is, in percent, for the progress bar. Outside any transaction, else nobody would see it."""
    RosterImport.objects.filter(pk=run.pk).update(done=done, total=100)


@transaction.atomic
def note_failure(actor: Actor, *, run: RosterImport, errors: list[dict]) -> None:
    """The writing was given up; nothing of the file was written."""
    row = _locked(actor, run)
    if row.state != State.APPLYING:
        return
    row.state, row.errors = State.REFUSED, errors
    row.save(update_fields=["state", "errors"])


@transaction.atomic
def write_import(actor: Actor, *, run: RosterImport, changes: Changes, counts: list[dict]) -> RosterImport:
    """Write everything an import changes, what undoes it, and one audit row. All or nothing."""
    row = _locked(actor, run)
    if row.state not in (State.READING, State.PREVIEWED, State.APPLYING):
        raise Problem("state", _("这次导入已经处理过了。"))
    with system_fence("an import writes every row of its own school or district"):
        undo: dict[str, Any] = {"changed": [], "gone": [], "new": {}}
        try:
            for model, rows in changes.changed.items():
                undo["changed"] += _change(model, rows)
            for model, pks in changes.gone.items():
                undo["gone"] += _remove(model, pks)
            for model in ORDER:
                columns, rows = changes.new.get(model, ((), []))
                bulk.insert(model, columns, rows)
                undo["new"][model._meta.label_lower] = _made(model, columns, rows, changes)
        except IntegrityError as taken:
            raise Problem("conflict", _("导入期间有人改动了同一批资料，请重新检查后再导入。")) from taken
    row.state, row.applied_at = State.APPLIED, clock.now()
    row.counts, row.errors, row.done = {"sheets": counts}, [], row.total
    row.undo = json.dumps(undo) if changes else None
    row.save(update_fields=["state", "applied_at", "counts", "errors", "done", "undo"])
    _forget_upload(row)
    figures = {name: sum(sheet[name] for sheet in counts) for name in ("new", "changed", "unchanged")}
    audit.record(actor, "roster.import", path=row.path, target=row, detail=figures)
    return row


@transaction.atomic
def discard_import(actor: Actor, *, run: RosterImport) -> None:
    """Throw away an upload that was never written."""
    row = _locked(actor, run)
    if row.state not in (State.READING, State.PREVIEWED, State.REFUSED):
        raise Problem("state", _("已经导入的名册不能删除，可以撤销。"))
    _forget_upload(row)
    row.delete()


@transaction.atomic
def undo_import(actor: Actor, *, run: RosterImport) -> RosterImport:
    """Put everything back as it was before. `conflict` when anything has come to depend on it since."""
    row = _locked(actor, run, "roster.undo")
    if row.state != State.APPLIED:
        raise Problem("state", _("只有已导入的名册可以撤销。"))
    [packed] = texts([row.undo])
    undo = json.loads(packed) if packed else {"changed": [], "gone": [], "new": {}}
    with system_fence("undoing an import touches what the import wrote"):
        made = {model: undo["new"].get(model._meta.label_lower, []) for model in ORDER}
        _refuse_if_changed(undo["changed"])
        _refuse_if_used(made)
        for model in reversed(ORDER):
            # Units stand on each other, so they go one by one, the last made first.
            for chunk in ([pk] for pk in reversed(made[Unit])) if model is Unit else _chunks(made[model]):
                if model is Student:
                    for part in _OF_STUDENT:
                        part._base_manager.filter(student__in=chunk).delete()
                model._base_manager.filter(pk__in=chunk).delete()
        for label, pk, values in undo["changed"]:
            model = apps.get_model(label)
            bulk.update(model, [(_value(model._meta.pk, pk), _values(model, values, 0))])
        for label, values in undo["gone"]:
            model = apps.get_model(label)
            bulk.insert(model, list(values), [[_value(_field(model, name), v) for name, v in values.items()]])
    row.state, row.undo = State.UNDONE, None
    row.save(update_fields=["state", "undo"])
    audit.record(actor, "roster.undo", path=row.path, target=row)
    return row


def _locked(actor: Actor, run: RosterImport, verb: str = "roster.import") -> RosterImport:
    row = RosterImport.objects.select_for_update().filter(pk=run.pk).first()
    if row is None:
        raise Problem("not_found")
    policy.demand(actor, verb, path=row.path)
    return row


def _forget_upload(row: RosterImport) -> None:
    """The upload holds everything in plain text, so it is kept no longer than needed."""
    stored = row.stored
    if stored is None:
        return
    row.stored = None
    row.save(update_fields=["stored"])
    key = stored.key
    stored.delete()
    transaction.on_commit(lambda: default_storage.delete(key))


def _change(model: type[models.Model], rows: dict[Any, dict[str, Any]]) -> list[list]:
    """Set the values; returns [label, pk, {attname: [old, new]}] for the undo."""
    names = sorted({name for values in rows.values() for name in values})
    sealed = {name for name in names if isinstance(_field(model, name), SealedTextField)}
    undo, ready = [], []
    for chunk in _chunks(list(rows)):
        for pk, *olds in model._base_manager.filter(pk__in=chunk).values_list("pk", *names):
            before = dict(zip(names, olds, strict=True))
            values = dict(rows[pk])
            for name in sealed & values.keys():
                values[name] = seal(values[name], _field(model, name).aad(pk)) if values[name] else None
            ready.append((pk, values))
            undo.append([
                model._meta.label_lower,
                _packed(pk),
                {name: [_packed(before[name]), _packed(value)] for name, value in values.items()},
            ])
    bulk.update(model, ready)
    return undo


def _remove(model: type[models.Model], pks: list[Any]) -> list[list]:
    names = [f.attname for f in model._meta.concrete_fields]
    undo = []
    for chunk in _chunks(pks):
        rows = model._base_manager.filter(pk__in=chunk)
        undo += [[model._meta.label_lower, {k: _packed(v) for k, v in row.items()}] for row in rows.values(*names)]
        rows.delete()
    return undo


def _made(model: type[models.Model], columns: tuple[str, ...], rows: list[tuple], changes: Changes) -> list:
    """The pks an undo has to take away. What hangs on a new student goes with it and is not listed."""
    if not rows:
        return []
    pk = model._meta.pk.attname
    if model in _OF_STUDENT:
        fresh = {row[0] for row in changes.new[Student][1]} if Student in changes.new else set()
        at = columns.index("student_id")
        rows = [row for row in rows if row[at] not in fresh]
        if pk not in columns:
            # Enrolments have an automatic pk: one open stay a student, and it is the new one.
            owners = [row[at] for row in rows]
            found = model._base_manager.filter(student__in=owners, ends__isnull=True).values_list("pk", flat=True)
            return list(found)
    if pk not in columns:
        found = model._base_manager.order_by("-pk").values_list("pk", flat=True)
        return list(found[: len(rows)])
    return [_packed(row[columns.index(pk)]) for row in rows]


def _refuse_if_changed(changed: list[list]) -> None:
    by_model: dict[str, list] = defaultdict(list)
    for label, pk, values in changed:
        by_model[label].append((pk, values))
    for label, rows in by_model.items():
        model = apps.get_model(label)
        for chunk in _chunks(rows):
            names = sorted({name for _pk, values in chunk for name in values})
            found = model._base_manager.filter(pk__in=[pk for pk, _values in chunk]).values_list("pk", *names)
            now = {_packed(pk): dict(zip(names, map(_packed, values), strict=True)) for pk, *values in found}
            for pk, values in chunk:
                if pk not in now or any(now[pk][name] != new for name, (_old, new) in values.items()):
                    raise Problem("conflict", _("导入之后有人改过其中的资料，不能再撤销。"))


def _refuse_if_used(made: dict[type[models.Model], list]) -> None:
    """Anything that points at a row about to go, and does not go with it, forbids the undo."""
    for model, pks in made.items():
        for relation in model._meta.related_objects:
            other = relation.related_model
            name = relation.field.name
            for chunk in _chunks(pks):
                users = other._base_manager.filter(**{f"{name}__in": chunk})
                if other in _OF_STUDENT and model is Student:
                    users = _later(other, users)
                elif other in made:
                    users = users.exclude(pk__in=_within(made[other], users))
                if users.exists():
                    said = _("已经有%s用到这次导入的%s，不能再撤销。")
                    raise Problem("conflict", said % (other._meta.verbose_name, model._meta.verbose_name))


def _within(pks: list, users: models.QuerySet) -> list:
    """Of the rows that use something, those the undo takes away itself."""
    mine = set(pks)
    return [pk for pk in users.values_list("pk", flat=True) if _packed(pk) in mine]


def _later(model: type[models.Model], rows: models.QuerySet) -> models.QuerySet:
    """Rows of a new student that a person made after the import."""
    if model is Care:
        return rows.filter(source=Care.Source.TEACHER)
    if model is Enrolment:
        return rows.filter(ends__isnull=False)
    return rows.none()


def _field(model: type[models.Model], attname: str) -> models.Field:
    return next(f for f in model._meta.concrete_fields if f.attname == attname)


def _values(model: type[models.Model], values: dict[str, list], which: int) -> dict[str, Any]:
    return {name: _value(_field(model, name), pair[which]) for name, pair in values.items()}


def _packed(value: Any) -> Any:
    """A database value as JSON carries it."""
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.hex if isinstance(value, UUID) else value.isoformat()


def _value(field_: models.Field, packed: Any) -> Any:
    """The database value of a packed one."""
    while field_.is_relation:
        field_ = field_.target_field
    if packed is None:
        return None
    if isinstance(field_, SealedTextField):
        return base64.b64decode(packed)
    return field_.to_python(packed)


def _chunks(items: list) -> list[list]:
    return [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
