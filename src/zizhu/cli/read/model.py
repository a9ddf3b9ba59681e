"""The language model of the environment, offered to `zizhu read` as the extractor `llm`."""

from __future__ import annotations

import os
from collections.abc import Sequence

from zizhu.vocab.problems import Problem, ZizhuError


def offer(names: Sequence[str]) -> None:
    """Make the extractor `llm` known if it is among `names`; raises ZizhuError where no service is named."""
    from zizhu.read import extractors, llm
    from zizhu.sources.net.post import post

    if llm.NAME not in names:
        return
    service = llm.settings(os.environ)
    if service is None:
        raise ZizhuError(
            Problem(
                "no language model is named",
                f"--extractor {llm.NAME}",
                "the address of a service and a model",
                "Set ZIZHU_LLM_URL and ZIZHU_LLM_MODEL, see docs/llm.md.",
            )
        )
    extractors.register(llm.extractor(service, post))
