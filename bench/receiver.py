"""A receiver of webhooks in a process of its own: it answers 204 and counts by idempotency key.

GET ``/counts`` answers how many calls came, how many keys they had, a digest of those, and how many first calls came
after a later one of the same thread.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


def digest_of(keys: Iterable[str]) -> str:
    """One value for a set of keys."""
    return sha256("\n".join(sorted(keys)).encode()).hexdigest()


class Receiver:
    """What came in."""

    def __init__(self) -> None:
        self.calls = 0
        self.keys: set[str] = set()
        self.newest: dict[str, str] = {}
        self.disordered = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One kept connection."""
        try:
            while line := await reader.readline():
                headers = await self._headers(reader)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                if line.startswith(b"GET"):
                    said = json.dumps(self._counts(whole=b"digest" in line)).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(said), said))
                elif body:
                    self._take(headers.get("webhook-id", ""), json.loads(body))
                    writer.write(ANSWER)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _take(self, key: str, said: dict[str, Any]) -> None:
        self.calls += 1
        if key in self.keys:
            return
        self.keys.add(key)
        thread, moment = said["data"]["thread"], said["timestamp"]
        self.disordered += moment < self.newest.get(thread, "")
        self.newest[thread] = moment

    def _counts(self, whole: bool) -> dict[str, Any]:
        found = {"calls": self.calls, "keys": len(self.keys), "disordered": self.disordered}
        return {**found, "digest": digest_of(self.keys)} if whole else found

    async def _headers(self, reader: asyncio.StreamReader) -> dict[str, str]:
        found = {}
        while (line := (await reader.readline()).decode("latin-1").strip()) and line:
            name, _, value = line.partition(":")
            found[name.lower()] = value.strip()
        return found


async def main() -> None:
    """Serve on a free port, which is printed."""
    server = await asyncio.start_server(Receiver().serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


class Started:
    """A receiver that runs beside the benchmark."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/hook"

    def counts(self, whole: bool = False) -> dict[str, Any]:
        """How many calls came, and how many keys they had; ``whole``: with the digest."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{'digest' if whole else 'counts'}") as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found

    def end(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()


if __name__ == "__main__":
    asyncio.run(main())
