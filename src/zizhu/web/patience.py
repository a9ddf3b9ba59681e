"""HTTP for clients that are slow on purpose: who does not say in time what is wanted, or does not take it, is left."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SLOWEST = 20.0
"""Seconds in which the first line and the headers of a request must be here."""
LONGEST = 60.0
"""Seconds that what is sent may lie untaken."""


class Patient(H11Protocol):
    """A connection that ends where a request is not said within SLOWEST seconds of its first byte, or of its begin."""

    _late: asyncio.TimerHandle | None = None
    _full: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on where a request has begun and is not said."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        self._taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Nothing more fits on the way: wait until some of it is taken."""
        super().pause_writing()
        if self._full is None:
            self._full = self.loop.call_later(LONGEST, self.transport.abort)

    def resume_writing(self) -> None:
        """It was taken."""
        self._taken()
        super().resume_writing()

    def _taken(self) -> None:
        if self._full is not None:
            self._full.cancel()
            self._full = None

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(SLOWEST, self._leave)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _leave(self) -> None:
        self._late = None
        if self.conn.their_state is h11.IDLE:
            self.transport.close()
