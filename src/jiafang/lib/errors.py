"""The one catalogue of errors: what may go wrong, which HTTP status it gets and what is said by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code stands for: HTTP status, default sentence, and the code a stranger is told instead."""

    status: int
    message: str
    shown_as: str = ""


CATALOGUE: dict[str, Kind] = {
    "invalid": Kind(400, "填写的内容有误，请按提示修改后再提交。"),
    "unauthenticated": Kind(401, "请先登录。"),
    # An insider who sees the thing but may not do this to it; for a stranger raise `denied`.
    "not_allowed": Kind(403, "您没有进行这项操作的权限。"),
    "not_found": Kind(404, "没有找到您要的内容，可能已被删除，或者不在您的范围内。"),
    # Foreign and missing must look the same from outside, so `denied` is never shown as such.
    "denied": Kind(404, "无权访问。", shown_as="not_found"),
    "method": Kind(405, "这个地址不支持这种操作。"),
    "conflict": Kind(409, "与已有的内容冲突，请刷新后再试。"),
    "stale": Kind(409, "这份内容刚被别人改过，请查看最新内容后再保存。"),
    "state": Kind(409, "当前状态下不能进行这项操作。"),
    "gone": Kind(410, "这个链接已经失效。"),
    "too_large": Kind(413, "文件太大，请拆分后再上传。"),
    "bad_type": Kind(415, "不支持这种文件，请换成 .xlsx、.xls 或 .csv。"),
    "unreadable": Kind(422, "文件读不出来，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"),
    "hostile": Kind(422, "这个文件的内容不安全，已拒绝读取。"),
    "locked": Kind(423, "内容已锁定，不能再修改。"),
    "rate": Kind(429, "操作太频繁，请稍后再试。"),
    "failed": Kind(500, "系统出了点问题，已记录下来，请稍后再试。"),
    "busy": Kind(503, "系统正忙，请稍后再试。"),
}


class Problem(Exception):
    """Anything a person should be told about. `code` stands in CATALOGUE; an unknown code is a ValueError.

    `message` is plain Chinese, `fields` maps a form field to its sentences, `extra` carries figures for the
    answer (JSON-ready values only). `status` overrides the catalogue's HTTP status.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        fields: Mapping[str, Sequence[str]] | None = None,
        status: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        if code not in CATALOGUE:
            raise ValueError(f"unknown problem code {code!r}")
        self.code = code
        self.message = str(message) or CATALOGUE[code].message
        self.fields = {name: [str(s) for s in sentences] for name, sentences in (fields or {}).items()}
        self.status = status or CATALOGUE[code].status
        self.extra = dict(extra or {})
        super().__init__(code, self.message)

    def __str__(self) -> str:
        return self.message

    def answer(self) -> dict[str, Any]:
        """What leaves the server: {"code", "message", "fields", …extra}; `denied` looks like `not_found`."""
        shown = CATALOGUE[self.code].shown_as
        if shown:
            return {"code": shown, "message": CATALOGUE[shown].message, "fields": {}}
        return {**self.extra, "code": self.code, "message": self.message, "fields": self.fields}


def not_found() -> Problem:
    """The answer to anything missing or foreign."""
    return Problem("not_found")
