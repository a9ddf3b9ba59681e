"""Targets as claims state them: a view over claims, never a merger of them."""

from zizhu.read.targets.views import TargetView, targets_of
from zizhu.read.targets.written import renewed, stated, written

__all__ = ["TargetView", "renewed", "stated", "targets_of", "written"]
