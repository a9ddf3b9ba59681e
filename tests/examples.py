"""How many examples a property takes whose examples are dearer, or rarer, than those of others."""

from __future__ import annotations

from hypothesis import settings

FEW = settings.get_profile("steady").max_examples


def examples(most: int) -> settings:
    """At most so many; in the fast suite no more than other properties have."""
    fast = settings.get_current_profile_name() == "steady"
    return settings(max_examples=min(most, FEW) if fast else most)
