"""A bounded load: 32 connections, so many requests or so many seconds, on the loopback. Run in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit

CONNECTIONS = 32
SECONDS = 6.0


async def status_of(host: str, port: int, head: bytes) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(head)
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


async def load(address: str, cookie: str, requests: int, tag: str = "") -> tuple[float, int]:
    """Requests per second, and how many were not answered with 200; with 304 when what is there has the ``tag``."""
    parts, wanted = urlsplit(address), 304 if tag else 200
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"If-None-Match: {tag}", "X-Fresh: 1"] if tag else []
    head = "\r\n".join([*lines, "", ""]).encode()
    left, statuses = iter(range(requests)), []
    begin = time.perf_counter()

    async def visitor() -> None:
        for _ in left:
            statuses.append(await status_of(str(parts.hostname), int(parts.port or 80), head))
            if time.perf_counter() > begin + SECONDS:
                return

    await asyncio.gather(*(visitor() for _ in range(CONNECTIONS)))
    return len(statuses) / (time.perf_counter() - begin), sum(status != wanted for status in statuses)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:]))))
