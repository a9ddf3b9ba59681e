"""How claims stand to one another: who agrees, who contradicts, and what only seems to."""

from zizhu.read.linking.linked import linked

__all__ = ["linked"]
