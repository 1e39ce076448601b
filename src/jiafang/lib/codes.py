"""National code tables: code ↔ words, and tolerant reading of what is typed ("男", "1", "1-男", "男性")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from .text import half, words_of


class CodeTable:
    """One table of a standard. `parse` gives the stable code, `label` the words."""

    def __init__(
        self, title: str, labels: Mapping[str, str], aliases: Mapping[str, str] | None = None
    ) -> None:
        self.title = title
        self.labels = dict(labels)
        self._known: dict[str, str] = {}
        for key, words in self.labels.items():
            for spelling in (key, words, *words.split("或")):
                self._known.setdefault(spelling, key)
        for words, key in (aliases or {}).items():
            for spelling in words.split():
                self._known[spelling] = key
        self._width = max(map(len, self.labels))
        self.parse = lru_cache(maxsize=4096)(self._parse)

    def label(self, code: str) -> str:
        """The words of a code, "" when unknown."""
        return self.labels.get(code, "")

    def _parse(self, text: str) -> str | None:
        """The code meant by what was typed; None when nothing in the table fits (empty text too)."""
        typed = half(text).upper().replace(" ", "")
        if not typed:
            return None
        if typed.endswith(".0") and typed[:-2].isdigit():
            typed = typed[:-2]
        for candidate in (typed, typed.zfill(self._width), typed.lstrip("0")):
            if candidate in self._known:
                return self._known[candidate]
        split = re.match(r"([0-9A-Z]{1,3})[-—–_.、:/|(]?(\D+?)\)?$", typed)
        if split:
            by_code, by_words = self._parse(split[1]), self._parse(split[2])
            # "1-女" contradicts itself: better ask than guess.
            return by_words if by_code == by_words else None
        return None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.labels.items())

    def __contains__(self, code: object) -> bool:
        return code in self.labels


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


SEX = CodeTable(
    "性别（GB/T 2261.1）",
    {"0": "未知的性别", "1": "男", "2": "女", "9": "未说明的性别"},
    {"男性 男生 男孩 M MALE": "1", "女性 女生 女孩 F FEMALE": "2", "未知": "0", "未说明": "9"},
)

RELATION = CodeTable(
    "家庭关系（GB/T 4761）",
    _table(
        "51=父亲 52=母亲 57=继父或养父 58=继母或养母 61=祖父 62=祖母 63=外祖父 64=外祖母 "
        "66=曾祖父 67=曾祖母 71=兄 72=嫂 73=弟 74=弟媳 75=姐 76=姐夫 77=妹 78=妹夫 "
        "81=伯父 82=伯母 83=叔父 84=婶母 85=舅父 86=舅母 87=姨父 88=姨母 89=姑父 90=姑母 "
        "97=其他亲属 99=非亲属"
    ),
    {
        "父 爸爸 爸 生父 父子 父女": "51",
        "母 妈妈 妈 生母 母子 母女": "52",
        "继父 养父 继养父": "57",
        "继母 养母 继养母": "58",
        "爷爷 祖父(爷爷)": "61",
        "奶奶 祖母(奶奶)": "62",
        "外公 姥爷 外爷 姥姥爷": "63",
        "外婆 姥姥 姥娘": "64",
        "哥哥 哥 兄长": "71",
        "弟弟": "73",
        "姐姐": "75",
        "妹妹": "77",
        "伯伯 大伯": "81",
        "大妈 大娘 伯娘": "82",
        "叔叔 叔": "83",
        "婶婶 婶": "84",
        "舅舅 舅": "85",
        "舅妈": "86",
        "姨夫": "87",
        "姨妈 姨 阿姨 小姨 大姨": "88",
        "姑夫": "89",
        "姑姑 姑妈 姑": "90",
        "亲属 亲戚 其他亲戚": "97",
        "其他 其它 其他监护人 监护人 福利机构 朋友": "99",
    },
)

PARENTS = frozenset({"51", "52", "57", "58"})

_GROUPS = {
    f"{number:02d}": words
    for number, words in enumerate(
        words_of(
            "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 "
            "水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 "
            "乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
        ),
        1,
    )
}
ETHNIC_GROUP = CodeTable(
    "民族（GB/T 3304）",
    {number: f"{words}族" for number, words in _GROUPS.items()} | {"97": "其他", "98": "外国血统中国籍人士"},
    {words: number for number, words in _GROUPS.items()}
    | {"其它 未识别民族 穿青人": "97", "外国血统": "98"},
)

DISABILITY = CodeTable(
    "残疾类型",
    _table(
        "0=无残疾 61=视力残疾 62=听力残疾 63=言语残疾 64=肢体残疾 65=智力残疾 66=精神残疾 67=多重残疾 "
        "69=其他残疾"
    ),
    {
        "无 否 00 正常 健康 非残疾 没有": "0",
        "视力": "61",
        "听力": "62",
        "言语 语言残疾 语言": "63",
        "肢体": "64",
        "智力": "65",
        "精神": "66",
        "多重 综合残疾": "67",
        "其他 其它": "69",
    },
)

BOARDING = CodeTable(
    "就读方式",
    {"1": "走读", "2": "住校", "3": "借宿", "9": "其他"},
    {"走读生 通学 通学生 不住校 不住宿": "1", "住校生 住宿 住宿生 寄宿 寄宿生 内宿": "2", "其它": "9"},
)

LEFT_BEHIND = CodeTable(
    "是否留守儿童",
    {"0": "非留守儿童", "1": "单亲留守儿童", "2": "双亲留守儿童"},
    {
        "否 非 无 不是 非留守 N NO 非农村留守儿童 ×": "0",
        "单亲留守 一方外出 父或母外出 单方留守": "1",
        "双亲留守 双方外出 父母外出 双方留守": "2",
    },
)

ID_KIND = CodeTable(
    "身份证件类型",
    {
        "1": "居民身份证",
        "2": "军官证",
        "3": "士兵证",
        "4": "文职干部证",
        "5": "部队离退休证",
        "6": "香港特区护照或身份证明",
        "7": "澳门特区护照或身份证明",
        "8": "台湾居民来往大陆通行证",
        "9": "境外永久居住证",
        "A": "护照",
        "B": "户口簿",
        "Z": "其他",
    },
    {
        "身份证 二代身份证 公民身份号码 中华人民共和国居民身份证": "1",
        "香港特区护照/身份证明 香港身份证 港澳居民来往内地通行证": "6",
        "澳门特区护照/身份证明 澳门身份证": "7",
        "台胞证 台湾通行证": "8",
        "外国护照 因私护照": "A",
        "户口薄 户口本": "B",
        "其它 出生证明 无": "Z",
    },
)

STAGE = CodeTable(
    "学段",
    {"primary": "小学", "junior": "初中", "senior": "高中"},
    {"PRIMARY 小": "primary", "JUNIOR 初级中学 初 中学": "junior", "SENIOR 普通高中 高级中学 高": "senior"},
)

PROVINCES = frozenset(
    words_of(
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 "
        "71 81 82 83"
    )
)

_YES = frozenset(words_of("是 1 Y YES 有 √ ✓ ✔ TRUE T 对 是的 V ☑ 需要 1-是"))
_NO = frozenset(words_of("否 0 N NO 无 × ✗ ✘ X FALSE F 不是 没有 非 ☐ 不需要 0-否 - — / \\"))


@lru_cache(maxsize=4096)
def yes_no(text: str) -> bool | None:
    """What a yes/no cell means; None when it is empty or cannot be told."""
    typed = half(text).upper().replace(" ", "")
    if typed.endswith(".0"):
        typed = typed[:-2]
    if typed in _YES:
        return True
    if typed in _NO or typed.startswith(("否", "非", "不", "无")):
        return False
    return True if typed.startswith(("是", "有")) else None
