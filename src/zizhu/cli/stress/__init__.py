"""`zizhu stress`: what breaks under a control, tariff or embargo, one module a question."""

from __future__ import annotations

import typer

from zizhu.cli.stress import cutting, drafting, elasticities, running

COMMANDS = (
    cutting.what_if,
    cutting.pairs,
    drafting.events,
    drafting.from_event,
    drafting.from_product,
    drafting.fields,
    elasticities.elasticities,
    running.run,
    running.compare,
    running.resume,
    running.discard,
)
app = typer.Typer(no_args_is_help=True, help="What breaks under a control, tariff or embargo.")
for command in COMMANDS:
    app.command()(command)
app.command("list")(running.list_)
