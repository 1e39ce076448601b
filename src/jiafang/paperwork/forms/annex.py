"""The record form printed in Annex 2 of 常经社〔2021〕30号, field for field, and the rows a school may add to it."""

from .schema import Field, FormSchema

ANNEX_2 = FormSchema(
    key="annex_2",
    version=1,
    title="“大家访”活动记录表",
    fields=(
        Field("school", "学校", "auto", True, auto="school", span=6, above=True),
        Field("teacher", "教师姓名", "auto", True, auto="teacher"),
        Field("klass", "班级", "auto", True, auto="klass"),
        Field("student", "学生姓名", "auto", True, auto="student"),
        Field("guardian", "家长姓名", "auto", True, auto="guardian", editable=True, hint="当天见到的家长"),
        Field("companion", "同行教师", "auto", auto="companion", span=4),
        Field("visit_time", "家访时间", "auto", True, auto="visit_time"),
        Field("visit_mode", "家访形式", "auto", True, auto="visit_mode", span=4),
        Field(
            "preparation",
            "家访准备",
            "long_text",
            True,
            span=6,
            lines=6,
            hint="出发前写：学生在校情况、想了解什么、准备谈什么",
        ),
        Field("process", "家访过程", "long_text", True, span=6, lines=11, hint="谈了什么、看到什么、商量了哪些办法"),
        Field("demands", "家长诉求", "long_text", True, span=6, lines=6, hint="家长的意见和建议；没有就写“无”"),
    ),
)

FOLLOW_UP = Field("follow_up", "后续措施", "long_text", span=6, lines=4)
REFLECTION = Field("reflection", "反思", "long_text", span=6, lines=4)
REMARKS = Field("remarks", "备注", "long_text", span=6, lines=2)
OPTIONAL_ROWS = (FOLLOW_UP, REFLECTION, REMARKS)
