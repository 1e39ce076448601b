"""Addresses and pages of the tests alone: every component on one page, a list, and a server for autosave."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from jiafang.config.urls import urlpatterns as product
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.lists import Bulk, Choice, Column, DateRange, ListPage, Search
from jiafang.ui.parts import Crumb, Figure, Progress
from jiafang.ui.states import CHIPS

FAMILIES = ("王雨欣、王雨桐", "李子涵", "张浩然", "欧阳思远", "赵一诺")
DAY = date(2026, 4, 1)
SAVED: dict = {"revision": 1, "answers": {}, "status": 200}
DONE: list[tuple[str, list[str]]] = []

PAGE = """{% extends "web/base.html" %}{% load i18n ui %}
{% block title %}七年级1班的家访{% endblock %}
{% block where %}鹿区一中{% endblock %}
{% block chip %}{% chip "open" %}{% endblock %}
{% block actions %}<button class="btn" data-print>{% icon "printer" %}打印</button><a class="btn btn-primary" href="/gallery/list/">{% icon "plus" %}约一次家访</a>{% endblock %}
{% block content %}<div class="columns"><div>
<section class="card"><header class="card-header"><h2>填写</h2></header><div class="card-body">
  <autosave-form src="/gallery/save/" revision="1" key="gallery"><form class="form" method="post">{% csrf_token %}{% errors form %}
    {% for f in form %}{% field f %}{% endfor %}<p class="saved-note" aria-live="polite"></p><button class="btn btn-primary">保存</button></form></autosave-form>
</div></section>
<section class="card"><div class="card-body">{% for spec in charts %}{% chart spec %}{% endfor %}{% map_view map %}</div></section>
</div><div>
<p>{% for c in chips %}{% chip c %} {% endfor %}</p>
<div class="note note-amber">{% icon "alert-circle" %}<p>还有 2 户没有约定时间。</p></div>
{% progress work %}
<section class="card">{% empty "route" "还没有家访" "家访安排发布后会出现在这里。" "/gallery/list/" "去看安排" %}</section>
<form method="post" action="/gallery/drop/" data-confirm="撤销这次导入，学生会回到导入前的样子。" data-confirm-word="撤销导入">{% csrf_token %}<button class="btn btn-danger">撤销导入</button></form>
<button class="btn" hx-post="/gallery/refuse/">改时间</button>
<copy-button text="https://example.test/f/1"><button class="btn">复制链接</button></copy-button>
</div></div>{% endblock %}"""


class Form(forms.Form):
    theme = forms.CharField(label="主题", help_text="用一句话说这次想聊什么。")
    mode = forms.ChoiceField(label="形式", choices=[("home", "入户"), ("online", "线上")])
    day = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
    who = forms.MultipleChoiceField(
        label="谁在家", choices=[("a", "爸爸"), ("b", "妈妈")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    read = forms.BooleanField(label="已经念给家长听过", required=False)


@dataclass
class Row:
    pk: int
    family: str
    day: date
    state: str


ROWS = [
    Row(n, f"{FAMILIES[n % 5]}{n}", DAY + timedelta(days=n % 28), ("appointed", "held", "archived")[n % 3])
    for n in range(60)
]
LIST = ListPage(
    columns=[
        Column("family", "家庭", sort="family", phone="title"),
        Column("day", "日期", sort="day"),
        Column("state", "状态", kind="chip", phone="side"),
    ],
    filters=[
        Search(("family",)),
        Choice("state", "状态", [(state, CHIPS[state].label) for state in ("appointed", "held", "archived")]),
        DateRange("day", "日期"),
    ],
    row_href=lambda row: f"/gallery/?row={row.pk}",
    bulk=[Bulk("归档", "/gallery/archive/", "archive", confirm="归档选中的记录？")],
    export=lambda request, headers, rows: HttpResponse(len(list(rows))),
)


def gallery(request: HttpRequest) -> HttpResponse:
    names = ["鹿区一中", "鹿区二中"]
    months = {
        "names": ["3月", "4月"],
        "series": [{"name": "实际", "values": [3, 9]}, {"name": "计划", "values": [4, 8]}],
    }
    days = [(DAY + timedelta(days=n)).isoformat() for n in range(40)]
    context = {
        "form": Form(request.POST) if request.method == "POST" else Form(),
        "crumbs": [Crumb("鹿区一中", "/"), Crumb("七年级1班")],
        "figures": [Figure("已完成", 31, of=45, unit="户", href="/"), Figure("快到期", 2, unit="份", tone="now")],
        "chips": list(CHIPS),
        "work": Progress("正在排家访", "/gallery/progress/", 312, 1203, (("已排", "312 户"),), cancel_url="/gallery/drop/"),
        "charts": [
            {"kind": "bars", "title": "完成率", "unit": "%", "names": names, "target": 85}
            | {"series": [{"name": "完成率", "values": [96, 72]}]},
            {"kind": "line", "title": "进度"} | months,
            {"kind": "stack", "title": "形式"} | months,
            {"kind": "multiples", "title": "各校"} | months,
            {"kind": "calendar", "title": "日历", "names": days, "series": [{"name": "户", "values": [1] * 40}]},
            {"kind": "gantt", "title": "任务图", "names": ["入户"]}
            | {"series": [{"name": "始", "values": [days[0]]}, {"name": "止", "values": [days[9]]}]},
        ],
        "map": {
            "title": "路线",
            "points": [
                {"lat": 40.65, "lon": 109.84, "label": "鹿区一中", "tone": "school", "mark": "校"},
                {"lat": 40.66, "lon": 109.85, "label": "王家", "mark": 1, "href": "/gallery/"},
            ],
            "ways": [{"line": [[40.65, 109.84], [40.66, 109.85]]}],
        },
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


def rows(request: HttpRequest) -> HttpResponse:
    return LIST.answer(request, ROWS, {"crumbs": [Crumb("家访")]})


def archive(request: HttpRequest) -> HttpResponse:
    DONE.append(("archive", request.POST.getlist("ids")))
    toasts.tell(request, "已归档。", undo="/gallery/undo/")
    return redirect("/gallery/list/")


def undo(request: HttpRequest) -> HttpResponse:
    DONE.append(("undo", []))
    return redirect("/gallery/list/")


def drop(request: HttpRequest) -> HttpResponse:
    DONE.append(("drop", []))
    return redirect("/gallery/")


def refuse(request: HttpRequest) -> HttpResponse:
    raise Problem("state", "这次家访已经完成，不能再改时间。")


def save(request: HttpRequest) -> HttpResponse:
    sent = json.loads(request.body)
    if SAVED["status"] == 409:
        return JsonResponse({"message": "柯仁老师刚改过这份内容。", "answers": {}}, status=409)
    if SAVED["status"] == 503:
        return JsonResponse({}, status=503)
    SAVED.update(revision=sent["revision"] + 1, answers=sent["answers"])
    return JsonResponse({"revision": SAVED["revision"]})


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/list/", rows),
    path("gallery/archive/", archive),
    path("gallery/undo/", undo),
    path("gallery/drop/", drop),
    path("gallery/refuse/", refuse),
    path("gallery/save/", save),
    *product,
]
