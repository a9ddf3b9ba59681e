"""Quantities of a text: value, unit, comparator and what is counted."""

from zizhu.read.quantities.read import numbers

__all__ = ["numbers"]
