"""`zizhu track`: where targets stand, what a verdict rests on, and how far the method can be trusted."""

from __future__ import annotations

import typer
from typer.core import TyperGroup

from zizhu.cli.track import backtesting, explaining, listing, reading, replaying, showing, summing

LISTED = "list"


class Scorecard(TyperGroup):
    """Without the name of a command it lists: `zizhu track mic2025` is the scorecard of a plan."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """The arguments, with the name of the command that lists before them where they name none."""
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else [LISTED, *args])


app = typer.Typer(
    cls=Scorecard,
    help="Where each target stands, and what the method is worth. `zizhu track PLAN` lists the targets of a plan.",
)
app.command(LISTED)(listing.scorecard)
app.command("show")(showing.show)
app.command("explain")(explaining.explain)
app.command("readings")(reading.readings)
app.command("portfolio")(summing.portfolio)
app.command("replay")(replaying.replay)
app.command("backtest")(backtesting.backtest)
