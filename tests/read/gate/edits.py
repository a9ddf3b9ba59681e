"""Sentences, and quotes of them that say something else: one edit each, of the kinds that change a meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

SENTENCES = (
    "Norway’s ministry aims to raise the share of electric ferries to 62.5% by 2032.",
    "Brazil does not plan to export more than 1,450 tonnes of niobium in 2027.",
    "Output at the Pune plants fell by minus 3.7 percent, or €2.4 billion, last spring.",
    "The fund will invest at least 350 million euros in twenty-five chip projects.",
    "Kenya no longer imports half of its fertiliser; it makes three quarters at home.",
    "By 2035, not one of the twelve refineries is to burn coal, the cabinet said.",
    "The plan never promised a fivefold rise to 18 GW of offshore wind.",
    "Chile’s lithium sales doubled to $7.9 billion, up 4 percentage points on the year.",
    "Poland cannot meet its goal of 5.9 GW without two new ports and 840 km of cable.",
    "About a third of the 96 licences, worth £1.25 trillion, have not been used.",
    "Vietnam hopes that hundreds of suppliers will sell it 70 kWh packs within six years.",
    "Quebec’s output rose +1.5% in 2024, while that of Ontario fell -2.5%.",
    "The eleven mills sold nearly 600 thousand tonnes, less than 8 per cent of demand.",
    "Without subsidies, fewer than nine firms would employ 4,300 people.",
    "Japan’s council ranked 9th and wants 15 trillion yen, not 12 trillion, by March 2030.",
    "Egypt neither built the 2.1 GW park nor paid the 46 million dollars.",
    "到2032年，电动渡轮的比重将达到62.5％以上。",
    "该国尚未实现出口1450吨铌的目标。",
    "基金将投资不少于3.5亿欧元，支持二十五个项目。",
    "产量没有增长，反而下降3.7个百分点。",
    "到2035年，不再使用十二座炼油厂。",
    "约三分之一的许可证未被使用，价值1.25万亿元。",
    "企业不得出口超过600吨稀土，也无法获得46万元补贴。",
    "风电装机容量翻一番，达到18吉瓦，不低于去年的九成。",
)
NUMBER_WORDS = {
    "en": (
        "half", "third", "quarters", "one", "two", "three", "five", "six", "nine", "eleven", "twelve", "twenty",
        "dozen", "hundreds", "doubled", "tripled", "fivefold", "tenfold", "twenty-five", "thirty",
    ),
    "zh": ("一", "二", "三", "五", "九", "十", "十二", "二十五", "百", "翻一番"),
}  # fmt: skip
UNITS = {
    "en": (
        "%", "percent", "per cent", "percentage points", "basis points", "tonnes", "tons", "euros", "dollars", "yen",
        "GW", "MW", "kWh", "TWh", "km", "miles", "€", "$", "£", "¥",
    ),
    "zh": ("％", "个百分点", "吨", "公斤", "欧元", "元", "美元", "吉瓦", "兆瓦", "成", "座", "个"),
}  # fmt: skip
SCALES = {
    "en": ("thousand", "million", "billion", "trillion", "hundred", ""),
    "zh": ("万亿", "亿", "万", "千", "百", ""),
}
NEGATORS = {
    "en": (
        "does not",
        "no longer",
        "not",
        "never",
        "cannot",
        "Without",
        "neither",
        "nor",
        "fewer than",
        "less than",
    ),
    "zh": ("尚未", "没有", "不再", "不得", "无法", "不少于", "不低于", "未", "不"),
}
SIGNS = ("minus ", "plus ", "-", "+", "−", "~", "<", ">", "±")


def language(sentence: str) -> str:
    return "en" if sentence.isascii() or " " in sentence else "zh"


def _swapped(sentence: str, words: tuple[str, ...]) -> Iterator[str]:
    """Each of the words that stands in the sentence put in the place of another, and left out."""
    for word in sorted(filter(None, words), key=len, reverse=True):
        edge = r"\b" if word.isascii() and word[0].isalpha() else ""
        for found in re.finditer(f"{edge}{re.escape(word)}{edge}", sentence):
            for other in (*words, ""):
                yield sentence[: found.start()] + other + sentence[found.end() :]


def digits(sentence: str) -> Iterator[str]:
    """Another digit in the place of each, one more, one less, and separators moved."""
    for found in re.finditer(r"\d", sentence):
        at = found.start()
        yield from (sentence[:at] + d + sentence[at + 1 :] for d in "0123456789")
        yield from (sentence[:at] + d + sentence[at:] for d in "0159.,")
        yield sentence[:at] + sentence[at + 1 :]
    for found in re.finditer(r"(?<=\d)[.,](?=\d)", sentence):
        yield from (
            sentence[: found.start()] + mark + sentence[found.end() :] for mark in ("", ".", ",", " ")
        )


def number_words(sentence: str) -> Iterator[str]:
    yield from _swapped(sentence, NUMBER_WORDS[language(sentence)])
    yield from _inserted(sentence, ("two", "half", "hundred") if language(sentence) == "en" else ("十", "半"))


def units(sentence: str) -> Iterator[str]:
    yield from _swapped(sentence, UNITS[language(sentence)])
    for found in re.finditer(r"(?<=\d)(?![\d.,]\d)", sentence):
        at = found.start()
        yield from (f"{sentence[:at]} {unit}{sentence[at:]}" for unit in UNITS[language(sentence)])


def scales(sentence: str) -> Iterator[str]:
    yield from _swapped(sentence, SCALES[language(sentence)])
    for found in re.finditer(r"(?<=\d)(?![\d.,]\d)", sentence):
        at = found.start()
        yield from (
            f"{sentence[:at]} {scale}{sentence[at:]}" for scale in SCALES[language(sentence)] if scale
        )


def negations(sentence: str) -> Iterator[str]:
    yield from _swapped(sentence, NEGATORS[language(sentence)])
    yield from _inserted(
        sentence, ("not", "never", "no longer") if language(sentence) == "en" else ("不", "未")
    )


def signs(sentence: str) -> Iterator[str]:
    yield from _swapped(sentence, SIGNS)
    for found in re.finditer(r"(?<![\d.,])\d", sentence):
        at = found.start()
        yield from (sentence[:at] + sign + sentence[at:] for sign in SIGNS)


def _inserted(sentence: str, words: tuple[str, ...]) -> Iterator[str]:
    """Each of the words at each place between two words (Chinese: characters)."""
    if language(sentence) == "zh":
        for at in range(len(sentence)):
            yield from (sentence[:at] + word + sentence[at:] for word in words)
    else:
        for found in re.finditer(" ", sentence):
            yield from (f"{sentence[: found.start()]} {word}{sentence[found.start() :]}" for word in words)


EDITS: dict[str, Callable[[str], Iterator[str]]] = {
    "digits": digits,
    "number words": number_words,
    "units": units,
    "scale words": scales,
    "negations": negations,
    "signs": signs,
}


def dressed(quote: str) -> Iterator[str]:
    """A quote as it is and as others would set it: the gate reads all of them as the same."""
    yield quote
    yield quote.replace("’", "'").replace(" ", "  ").replace("％", "%")
    yield quote.lower()
    yield "\N{ZERO WIDTH SPACE}".join(quote)
