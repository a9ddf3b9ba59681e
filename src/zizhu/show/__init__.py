"""Figures and the trace of their numbers: what every face of the project shows."""

from zizhu.show.render import render
from zizhu.show.spec import spec

__all__ = ["render", "spec"]
