"""A school designs its own form: every change gives a new version, checked whole; what a campaign requires stays."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from jiafang.lib.errors import Problem

from .schema import Field, FormSchema, parse_schema, schema_dict


def _next_version(schema: FormSchema, **changes) -> FormSchema:
    """The changed schema as its next version, read again strictly, so that no edit makes a form that cannot load."""
    return parse_schema(schema_dict(replace(schema, version=schema.version + 1, **changes)))


def own_form(schema: FormSchema, *, key: str, title: str = "") -> FormSchema:
    """A school's own form, version 1, begun from another one."""
    return parse_schema(schema_dict(replace(schema, key=key, version=1, title=title or schema.title)))


def rename_form(schema: FormSchema, title: str) -> FormSchema:
    """The form under another title."""
    return _next_version(schema, title=title)


def add_fields(schema: FormSchema, new: Sequence[Field], *, before: str = "") -> FormSchema:
    """The form with further fields, at its end or before the field of that key."""
    index = _index(schema, before) if before else len(schema.fields)
    return _next_version(schema, fields=(*schema.fields[:index], *new, *schema.fields[index:]))


def remove_field(schema: FormSchema, key: str, *, keep: Iterable[str] = ()) -> FormSchema:
    """The form without that field; the keys in `keep` (required by the campaign) can't go."""
    index = _index(schema, key)
    if key in set(keep):
        raise Problem(
            "not_allowed", _("活动要求有“%(label)s”这一栏，不能删去。") % {"label": schema.fields[index].label}
        )
    return _next_version(schema, fields=schema.fields[:index] + schema.fields[index + 1 :])


def change_field(schema: FormSchema, key: str, **changes) -> FormSchema:
    """The form with that field changed (any attribute of `Field` but its key)."""
    index = _index(schema, key)
    changed = replace(schema.fields[index], **changes)
    return _next_version(schema, fields=(*schema.fields[:index], changed, *schema.fields[index + 1 :]))


def reorder_fields(schema: FormSchema, keys: Sequence[str]) -> FormSchema:
    """The form with its fields in the order of `keys`, which must name each exactly once."""
    if sorted(keys) != sorted(item.key for item in schema.fields):
        raise Problem("invalid", _("排列顺序时每个栏目要出现一次。"))
    return _next_version(schema, fields=tuple(schema.fields[_index(schema, key)] for key in keys))


def require_fields(schema: FormSchema, keys: Iterable[str]) -> FormSchema:
    """The same version with these fields required: how a campaign tightens a school's form without redesigning it."""
    wanted = set(keys)
    absent = wanted - {item.key for item in schema.fields}
    if absent:
        raise Problem(
            "invalid", _("表格缺少活动要求的栏目。"), fields={key: [_("活动要求有这一栏。")] for key in sorted(absent)}
        )
    fields = tuple(replace(item, required=item.required or item.key in wanted) for item in schema.fields)
    return replace(schema, fields=fields)


def _index(schema: FormSchema, key: str) -> int:
    for index, item in enumerate(schema.fields):
        if item.key == key:
            return index
    raise Problem("not_found", _("表格里没有这一栏。"))
