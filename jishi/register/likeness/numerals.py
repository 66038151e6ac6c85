"""Chinese numerals as figures, where a number is meant: 三号楼 is 3号楼, 一二〇三室 is 1203室, 第三 is 第3."""

from __future__ import annotations

import re

_DIGITS = {
    **dict.fromkeys("零〇○", 0), **dict.fromkeys("一壹", 1), **dict.fromkeys("二贰两", 2), **dict.fromkeys("三叁", 3),
    **dict.fromkeys("四肆", 4), **dict.fromkeys("五伍", 5), **dict.fromkeys("六陆", 6), **dict.fromkeys("七柒", 7),
    **dict.fromkeys("八捌", 8), **dict.fromkeys("九玖", 9),
}  # fmt: skip
_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30}
NUMERAL = f"[{''.join([*_DIGITS, *_POWERS, *_TENS])}]"

# What a counted thing is called; a numeral before anything else (三元桥, 千禧苑) is part of a name.
_COUNTED = (
    "号|弄|支弄|栋|幢|楼|座|单元|室|层|门|期|排|组|队|院|户|房|巷|路|街|道|村|区|店|厂|所|厅|井|库|小|中|#|幼|条|马路"
)
_BEFORE = re.compile(f"({NUMERAL}+)(?=(?:{_COUNTED}))")
_AFTER = re.compile(f"(?<=第)({NUMERAL}+)")
# A run such as 三号楼二单元三〇一: what follows a counted number may be a bare one.
_TAIL = re.compile(f"(?<=号|栋|幢|楼|座|层|元|[-—])({NUMERAL}{{2,4}})$")


def value(numeral: str) -> int:
    """The number that a Chinese numeral stands for: by places (一百二十), or digit by digit (一二〇)."""
    if not any(sign in _POWERS or sign in _TENS for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, digit = 0, 0
    for sign in numeral:
        if sign in _TENS:
            total, digit = total + _TENS[sign], 0
        elif sign in _POWERS:
            total, digit = total + max(digit, 1) * _POWERS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def figures(text: str) -> str:
    """The text with the numerals of counted things written as figures."""
    for pattern in (_AFTER, _BEFORE, _TAIL):
        text = pattern.sub(lambda found: str(value(found[1])), text)
    return text
