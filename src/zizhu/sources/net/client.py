"""The web client of downloads and questions: proxies of the environment, authorities of the system, no redirects."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import ssl

    import httpx2


def opened(shown: str, timeout: float) -> httpx2.Client:
    """A client for the address that `shown` is without secrets; raises ZizhuError where a proxy is not understood."""
    import httpx2

    try:
        return httpx2.Client(verify=_trust(), timeout=timeout, follow_redirects=False)
    except ValueError:
        # not from the error: its words have the address of the proxy, with its password
        raise ZizhuError(
            Problem(
                "a proxy of the environment is not understood",
                shown,
                "a proxy such as http://host:port",
                "Correct HTTP_PROXY and HTTPS_PROXY.",
            )
        ) from None


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that the system trusts, read once: it takes as long as a small download."""
    import httpx2

    return httpx2.create_ssl_context()
