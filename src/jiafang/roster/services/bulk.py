"""Writing many rows of one model by one prepared statement; seals what is sealed. Knows nothing of rosters."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection, models

from jiafang.access.vault import SealedTextField, seal

_BATCH = 5_000


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows given in the order of `columns` (attnames). Other columns get the field's default; an automatic pk is left out."""
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    given = [fields[name] for name in columns]
    rest = [f for f in fields.values() if f.attname not in columns and not isinstance(f, models.AutoField)]
    pk = columns.index(model._meta.pk.attname) if model._meta.pk.attname in columns else None
    constant = tuple(field.get_db_prep_save(_default(field), connection) for field in rest)
    sealed = [(at, field) for at, field in enumerate(given) if isinstance(field, SealedTextField)]
    convert = [(at, _converter(field)) for at, field in enumerate(given)]
    convert = [(at, function) for at, function in convert if function]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in (*given, *rest))
    marks = ", ".join(["%s"] * (len(given) + len(rest)))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own models

    def written(row: Sequence[Any]) -> tuple:
        values = list(row)
        for at, field in sealed:
            if values[at]:
                values[at] = seal(values[at], field.aad(row[pk]))
        for at, function in convert:
            if values[at] is not None:
                values[at] = function(values[at])
        return (*values, *constant)

    with connection.cursor() as cursor:
        for start in range(0, len(rows), _BATCH):
            cursor.executemany(statement, [written(row) for row in rows[start : start + _BATCH]])


def update(model: type[models.Model], changes: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    """Set columns of rows by pk: (pk, {attname: value}); values are ready for the database (sealed already)."""
    groups: dict[tuple[str, ...], list[tuple]] = defaultdict(list)
    for pk, values in changes:
        groups[tuple(sorted(values))].append((pk, values))
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    for names, rows in groups.items():
        sets = ", ".join(f"{quote(fields[name].column)} = %s" for name in names)
        where = quote(model._meta.pk.column)
        statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {where} = %s"  # noqa: S608 - names of our own models
        with connection.cursor() as cursor:
            cursor.executemany(
                statement, [(*(_plain(values[name]) for name in names), _plain(pk)) for pk, values in rows]
            )


def _default(field: models.Field) -> Any:
    value = field.get_default()
    return "" if value is None and not field.null else value


def _converter(field: models.Field) -> Callable[[Any], Any] | None:
    """What this database wants instead of a Python value; None when it takes the value as it is."""
    while field.is_relation:
        field = field.target_field
    if connection.vendor != "sqlite":
        return None
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, (models.DateField, models.TimeField)):
        return str
    return None


def _plain(value: Any) -> Any:
    if connection.vendor != "sqlite":
        return value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value
