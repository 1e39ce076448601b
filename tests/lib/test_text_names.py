"""Cleaning text, reading names, hiding what need not be seen."""

import pytest

from jiafang.lib import masking, names, text


def test_half_and_tidy_differ_in_punctuation_only():
    assert text.half("１５０２０３　－Ｘ ") == "150203 -X"
    assert text.tidy("\u3000他说：“好，”\u200b走了。\xa0") == "他说：“好，”走了。"
    assert text.tidy("a\x00b\r\nc") == "ab\nc"


def test_code_has_no_blanks():
    assert text.code(" '150203 20130907 001x\t") == "15020320130907001X"


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("张　三", "张三"),
        (" 王 小 明 ", "王小明"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 . 买买提", "阿卜杜拉·买买提"),
        ("John   Smith", "John Smith"),
        ("张\u200b三", "张三"),
    ],
)
def test_names_are_normalised(typed, clean):
    assert text.name(typed) == clean


def test_headings_become_keys():
    assert text.heading(" *姓　名（必填）") == "姓名"
    assert text.heading("成员1-联系电话：") == "成员1联系电话"
    assert text.heading("成员1\n姓名") == text.heading("成员１姓名")


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单雨欣", "shanyuxin", "syx"),
        ("曾小贤", "zengxiaoxian", "zxx"),
        ("仇英", "qiuying", "qy"),
        ("解缙", "xiejin", "xj"),
        ("查良镛", "zhaliangyong", "zly"),
        ("区家明", "oujiaming", "ojm"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟雪", "moqixue", "mqx"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("乐乐", "yuele", "yl"),
        ("吕布", "lvbu", "lb"),
        ("阿卜杜拉·买买提", "abodulamaimaiti", "abdlmmt"),
        ("John Smith", "johnsmith", "js"),
    ],
)
def test_pinyin_reads_surnames_as_surnames(name, full, initials):
    assert names.pinyin(name) == (full, initials)


def test_split():
    assert names.split("欧阳娜娜") == ("欧阳", "娜娜")
    assert names.split("欧阳") == ("欧", "阳")
    assert names.split("王") == ("王", "")


def test_masking_keeps_no_more_than_it_says():
    assert masking.mask_name("王小明") == masking.mask_name("王明") == "王**"
    assert masking.mask_name("欧阳娜娜") == "欧阳**"
    assert masking.mask_name("") == ""
    assert masking.mask_phone("13800138000") == "138****8000"
    assert masking.mask_phone("04725156789") == "****789"
    masked = masking.mask_id("150203201309070012")
    assert len(masked) == 18
    assert "2013" not in masked
    assert masking.mask_id("G150203201309070012").startswith("G150*")
    assert masking.mask_id("E12345678").endswith("78")
    assert masking.mask_id("123") == "***"
