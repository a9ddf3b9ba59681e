"""Dates and periods of a text, in EDTF."""

from zizhu.read.dates.implied import implied
from zizhu.read.dates.read import dates

__all__ = ["dates", "implied"]
