"""The workspace on disk: the only reader and writer of tables and runs."""

from zizhu.store.workspace import Table, Workspace

__all__ = ["Table", "Workspace"]
