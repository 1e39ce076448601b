"""The record form as data: one schema gives the phone form, the server's check, Word, PDF and Excel."""

from .annex import ANNEX_2, FOLLOW_UP, OPTIONAL_ROWS, REFLECTION, REMARKS
from .answers import (
    SHANGHAI,
    VisitHeader,
    answers_digest,
    chinese_time,
    clean_text,
    migrate_answers,
    shown_value,
    validate_answers,
)
from .editing import (
    add_fields,
    change_field,
    own_form,
    remove_field,
    rename_form,
    reorder_fields,
    require_fields,
)
from .schema import Cell, Field, FormSchema, Option, grid_rows, parse_schema, schema_dict

__all__ = [
    "ANNEX_2",
    "FOLLOW_UP",
    "OPTIONAL_ROWS",
    "REFLECTION",
    "REMARKS",
    "SHANGHAI",
    "Cell",
    "Field",
    "FormSchema",
    "Option",
    "VisitHeader",
    "add_fields",
    "answers_digest",
    "change_field",
    "chinese_time",
    "clean_text",
    "grid_rows",
    "migrate_answers",
    "own_form",
    "parse_schema",
    "remove_field",
    "rename_form",
    "reorder_fields",
    "require_fields",
    "schema_dict",
    "shown_value",
    "validate_answers",
]
