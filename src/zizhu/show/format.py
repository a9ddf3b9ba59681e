"""Numbers as people read them: sensible digits, thin separators, units."""

from __future__ import annotations

_LARGE = ((1e12, "tn"), (1e9, "bn"), (1e6, "mn"))


def percent(share: float | None, digits: int = 1) -> str:
    """0.7435 -> '74.4 %'. Shares that would round to nothing or to all are written '< 0.1 %' and '> 99.9 %'."""
    if share is None:
        return "n/a"
    least = 10.0**-digits
    if 0 < abs(share) * 100 < least / 2:
        return f"< {least:.{digits}f} %" if share > 0 else f"> \N{MINUS SIGN}{least:.{digits}f} %"
    if 0 < 1 - share < least / 200:
        return f"> {100 - least:.{digits}f} %"
    return minus(f"{share * 100:.{digits}f}") + " %"


def amount(value: float | None, digits: int = 3) -> str:
    """1234567.0 -> '1,234,567'; small numbers keep `digits` significant digits."""
    if value is None:
        return "n/a"
    if value == 0 or abs(value) >= 10 ** (digits - 1):
        return minus(f"{value:,.0f}")
    return minus(f"{value:.{digits}g}")


def money(value: float | None, currency: str = "USD") -> str:
    """1.25e9 -> '1.25 bn USD'."""
    if value is None:
        return "n/a"
    for scale, word in _LARGE:
        if abs(value) >= scale:
            return f"{amount(value / scale)} {word} {currency}"
    return f"{amount(value)} {currency}"


def minus(text: str) -> str:
    """A proper minus sign in place of a hyphen."""
    return text.replace("-", "\N{MINUS SIGN}")


def listed(names: list[str], word: str = "and") -> str:
    """['a', 'b', 'c'] -> 'a, b and c'."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}" if names else ""


def in_words(value: float | None, unit: str) -> str:
    """A number as it is printed alone: shares as percent, money and tonnes with their unit."""
    if unit.startswith("share"):
        return percent(value)
    return amount(value) if unit in ("", "count", "index", "see unit") else f"{amount(value)} {unit}"


def with_unit(value: float, unit: str) -> str:
    """A number beside others of its kind: more digits, and the unit in full."""
    return f"{percent(value, 3)} ({unit})" if unit.startswith("share") else f"{amount(value, 5)} {unit}"
