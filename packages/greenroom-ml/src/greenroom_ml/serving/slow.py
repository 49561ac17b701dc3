# SPDX-License-Identifier: Apache-2.0
"""Who looks for the reason of a slow model finds it in the server's log."""

from __future__ import annotations

import threading
import time

from kserve.logging import logger

# What the alerts of infra-manifests call slow.
SLOW_SECONDS = 0.5
# A slow server says so now and then, not with each request.
EVERY_SECONDS = 10.0


class SlowPredictions:
    """Tells the log of predictions that take long."""

    def __init__(self, version: str | None) -> None:
        """Remember whose they are."""
        self.version = version or "unknown"
        self.lock = threading.Lock()
        self.told_at = float("-inf")
        self.more = 0

    def took(self, seconds: float, waited: float, rows: int) -> None:
        """Count one that took so long, of which it waited for others to end."""
        if seconds < SLOW_SECONDS:
            return
        now = time.monotonic()
        with self.lock:
            if now - self.told_at < EVERY_SECONDS:
                self.more += 1
                return
            more, self.more, self.told_at = self.more, 0, now
        logger.warning(
            "Slow prediction of version %s: %.0f ms for %d rows, of which %.0f ms "
            "waiting for other requests (%d more since the last such line)",
            self.version,
            seconds * 1000,
            rows,
            waited * 1000,
            more,
        )
