"""`zizhu track readings`: targets that were judged by another series or basis, both verdicts side by side."""

from __future__ import annotations

from zizhu.cli.days import AsOf, day
from zizhu.cli.options import AsList, Place, workspace
from zizhu.vocab.problems import ZizhuError

NONE = "None yet: `zizhu track show TARGET --series ID` or `--basis WORD` judges a target otherwise and keeps both."


def readings(as_of: AsOf = None, as_json: AsList = False, place: Place = None) -> None:
    """Targets that you judged by another series or basis: your verdict beside that of the register."""
    from zizhu.cli.output import console, emit_json
    from zizhu.cli.register.tables import table
    from zizhu.track.readings import kept

    on, problems = day(as_of)
    if problems:
        raise ZizhuError(problems)
    rows = kept(workspace(place), on)
    if as_json:
        emit_json(rows)
        return
    if rows:
        table(console(), f"Readings other than those of the register, judged on {on}", rows)
    else:
        console().print(NONE, markup=False)
