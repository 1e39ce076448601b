"""A service's refusal put back into the form it came from, each sentence beside its field."""

from django.forms import BaseForm

from jiafang.lib.errors import Problem

# What a person can mend by filling the form in otherwise; anything else is answered as a page.
MENDABLE = frozenset({"invalid", "conflict", "bad_type", "too_large", "unreadable", "hostile", "state"})


def told(form: BaseForm, problem: Problem) -> None:
    """Add the problem's sentences to the form; one that the form cannot mend is raised again."""
    if problem.code not in MENDABLE:
        raise problem
    known = {name: texts for name, texts in problem.fields.items() if name in form.fields}
    others = [text for name, texts in problem.fields.items() if name not in form.fields for text in texts]
    for name, texts in known.items():
        form.add_error(name, texts)
    for text in others or ([] if known else [problem.message]):
        form.add_error(None, text)
