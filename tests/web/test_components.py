"""Components: words, colours and wiring that every page relies on."""

import pytest
from django import forms
from django.http import HttpResponse
from django.template import Context, Template

from jiafang.ui.parts import Figure, Progress
from jiafang.ui.states import CHIPS, chip_of
from jiafang.ui.toasts import with_toast
from jiafang.visits.states import VisitState

TONES = {"grey", "blue", "teal", "amber", "red", "green"}


def draw(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("state", "label", "tone"),
    [
        ("planned", "待安排", "grey"),
        ("appointed", "已预约", "blue"),
        ("today", "今日", "teal"),
        ("held", "待填记录", "amber"),
        ("late", "已逾期", "red"),
        ("archived", "已归档", "green"),
    ],
)
def test_one_word_and_one_colour_for_a_state(state, label, tone):
    chip = chip_of(state)
    assert (str(chip.label), chip.tone) == (label, tone)


def test_every_state_of_a_visit_has_its_colour():
    assert {state for state in VisitState.values if state not in CHIPS} == set()
    assert {chip.tone for chip in CHIPS.values()} <= TONES


def test_chip_says_the_rooms_own_word_and_escapes_it():
    class Thing:
        state = "submitted"

        def get_state_display(self):
            return "已报送<b>"

    html = draw("{% chip thing %}", thing=Thing())
    assert "已报送&lt;b&gt;" in html
    assert "chip-blue" in html


def test_figure_shows_its_share_and_the_way_to_its_rows():
    html = draw("{% figures items %}", items=[Figure("已完成", 31, of=45, unit="户", href="/rows/")])
    assert "69%" in html
    assert 'href="/rows/"' in html
    assert Figure("x", "98%", of=3).share is None


class Form(forms.Form):
    theme = forms.CharField(label="主题", help_text="一句话")
    who = forms.MultipleChoiceField(label="谁在家", choices=[("a", "爸爸")], widget=forms.CheckboxSelectMultiple)


def test_field_ties_label_help_and_error_to_its_control():
    html = draw("{% errors form %}{% field form.theme rows=3 %}{% field form.who %}", form=Form({}))
    assert 'for="id_theme"' in html
    assert 'aria-invalid="true"' in html
    assert "id_theme_helptext" in html.split("<input", 1)[1].split(">", 1)[0]
    assert 'id="id_theme_helptext"' in html
    assert 'rows="3"' in html
    assert 'href="#id_theme"' in html
    assert "<legend" in html
    assert 'for="id_theme"' in draw("{% field form.theme %}", form=Form())


def test_progress_stops_asking_when_finished():
    assert "hx-get" in draw("{% progress work %}", work=Progress("排家访", "/p/", 3, 10, cancel_url="/c/"))
    done = draw("{% progress work %}", work=Progress("排家访", "/p/", finished=True, next_url="/n/", next_label="去看"))
    assert "hx-get" not in done
    assert 'href="/n/"' in done


def test_chart_has_a_table_and_its_data_cannot_break_out():
    spec = {"kind": "bars", "names": ["</script>一中"], "series": [{"name": "率", "values": [3]}]}
    html = draw("{% chart spec %}", spec=spec)
    assert "</script>一中" not in html
    assert '<td class="num">3</td>' in html


def test_toast_travels_in_a_header():
    answer = with_toast(HttpResponse(), "已改期", undo="/undo/")
    assert "/undo/" in answer["HX-Trigger"]
    answer["HX-Trigger"].encode("ascii")
