"""Claims that a language model proposes: off unless a service is named, and nothing of an answer is believed."""

from zizhu.read.llm.asking import Answered, Post
from zizhu.read.llm.proposing import NAME, Model, extractor
from zizhu.read.llm.settings import Settings, settings

__all__ = ["NAME", "Answered", "Model", "Post", "Settings", "extractor", "settings"]
