"""How gunicorn serves the application behind a buffering proxy; every value may be overridden on the command line."""

from __future__ import annotations

import gc
import multiprocessing
import os

bind = os.environ.get("BIND", "127.0.0.1:8000")

# Sync workers: measured fastest and steadiest for rendered pages. They need the buffering proxy in front, which
# keeps slow visitors away from them.
worker_class = "sync"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2 * multiprocessing.cpu_count() + 1)
backlog = 2048

# A page takes milliseconds; one that takes this long waits for something that will not come.
timeout = 30
graceful_timeout = 20
keepalive = 2

# A worker is replaced now and then, not all on the same request.
max_requests = 20_000
max_requests_jitter = 2_000

# The application reads X-Forwarded-* itself, as many hops as TRUSTED_PROXIES says.
forwarded_allow_ips = "127.0.0.1"
limit_request_line = 4094
limit_request_fields = 100

# The application writes one line for each request, without personal data; gunicorn writes only its own events.
accesslog = None
errorlog = "-"


def post_worker_init(worker: object) -> None:
    """What a worker has loaded lives as long as it does: the collector need not walk through it again and again.

    Nor through the rows of a month while they are read: there are thousands, and they go with the request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
