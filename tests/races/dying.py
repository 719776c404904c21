"""An application whose process is killed once between the commit and the answer, as a power cut would."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.serving import app_at


class Dying:
    """Kills its own process after the inner application answered a POST to ``address``, once per ``mark``."""

    def __init__(self, app: Any, address: str, mark: Path) -> None:
        self.app, self.address, self.mark = app, address, mark

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer: Iterable[bytes] = self.app(environ, start_response)
        asked = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == self.address
        if asked and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def app_dying(moment: str, address: str, mark: str) -> Dying:
    return Dying(app_at(moment), address, Path(mark))
