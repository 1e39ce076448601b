"""Chinese names: where the surname ends, and pinyin to search by, with surnames read as surnames."""

from __future__ import annotations

from functools import lru_cache

from .text import words_of

_COMPOUND = frozenset(
    words_of(
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 "
        "太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 "
        "漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 "
        "纳兰 完颜 叶赫 爱新觉罗"
    )
)

# Surnames whose reading differs from the character's usual one, or for which dictionaries waver.
_READINGS = words_of(
    "单=shan 曾=zeng 仇=qiu 解=xie 查=zha 区=ou 朴=piao 任=ren 盖=ge 华=hua 缪=miao 乐=yue 覃=qin "
    "秘=bi 冼=xian 洗=xian 宓=mi 翟=zhai 黑=he 召=shao 种=chong 重=chong 折=she 员=yun 贠=yun 燕=yan "
    "繁=po 那=na 哈=ha 宁=ning 逄=pang 牟=mu 车=che 郇=xun 尉=wei 祭=zhai 纪=ji 应=ying 过=guo "
    "句=gou 隗=wei 柏=bai 谌=chen 卜=bu 贾=jia 撒=sa 宿=su 殷=yin 粘=nian 佘=she 庹=tuo 钭=tou "
    "郄=qie 阚=kan 六=lu 都=du 石=shi 沈=shen 行=xing 长=zhang 盛=sheng 舍=she 葛=ge 和=he 薄=bo "
    "訾=zi 亓=qi 笪=da 晁=chao 朝=chao 相=xiang 缴=jiao 能=nai 曲=qu 炅=gui 於=yu 闫=yan 彭=peng "
    "广=guang 俞=yu 褚=chu 臧=zang 洪=hong 冯=feng 尹=yin 术=zhu 教=jiao 占=zhan 少=shao 尉迟=yu,chi "
    "长孙=zhang,sun 万俟=mo,qi 澹台=tan,tai 令狐=ling,hu 亓官=qi,guan 乐正=yue,zheng 宰父=zai,fu "
    "鲜于=xian,yu 子车=zi,ju 拓跋=tuo,ba 百里=bai,li 夹谷=jia,gu"
)
_SURNAME_READING = {
    surname: tuple(reading.split(",")) for surname, reading in (pair.split("=") for pair in _READINGS)
}


def split(name: str) -> tuple[str, str]:
    """(surname, given name). A name with · or blanks splits at the first; one character is all surname."""
    for mark in ("·", " "):
        if mark in name:
            first, _, rest = name.partition(mark)
            return first, rest
    for length in (4, 2):
        if len(name) > length and name[:length] in _COMPOUND:
            return name[:length], name[length:]
    return name[:1], name[1:]


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    from pypinyin import Style, pinyin  # loads 40,000 readings: only where names are read

    return pinyin(character, style=Style.NORMAL, strict=False)[0][0].lower().replace("ü", "v")


def _surname_syllables(surname: str) -> tuple[str, ...]:
    return _SURNAME_READING.get(surname) or tuple(_syllable(character) for character in surname)


def pinyin(name: str) -> tuple[str, str]:
    """(full, initials) in small letters without tones: "单雨欣" → ("shanyuxin", "syx"); ü is written v.

    Latin letters stay themselves; marks are dropped.
    """
    surname, given = split(name)
    if name.isascii():
        words = name.lower().split()
        return "".join(filter(str.isalnum, "".join(words))), "".join(word[0] for word in words)
    # A surname before · is a given name in most of those languages: its characters are read plainly.
    head = tuple(map(_syllable, surname)) if "·" in name else _surname_syllables(surname)
    syllables = [*head, *(_syllable(character) for character in given if character.isalnum())]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)
