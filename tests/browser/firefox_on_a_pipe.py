"""Firefox driven as Chromium is: JSON messages on standard input and output, each ended by a zero byte.

    python firefox_on_a_pipe.py FIREFOX PROFILE DOWNLOADS

Firefox listens for WebDriver BiDi on a port of this machine alone. This program starts it, speaks WebSocket with it,
and passes messages on. So whoever drives it needs no socket, and both can be put where there is no network at all:
run as the first program in a network namespace, it brings up the loopback interface, and there is no other.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_SET_FLAGS, _UP, _NAME_AND_FLAGS = 0x8914, 0x1 | 0x40, "16sH14s"
_ADDRESS = re.compile(rb"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_LAST, _MASKED, _SHORT, _MEDIUM, _LONG = 0x80, 0x80, 125, 126, 127
_MASK = b"casc"  # any but zeros, which Firefox does not take
_PREFERENCES = {
    "browser.startup.page": "0",
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "app.update.auto": "false",
    "toolkit.telemetry.enabled": "false",
    "browser.download.folderList": "2",
    "remote.active-protocols": "1",
}


def bring_up_loopback() -> None:
    """As ``ip link set lo up``; nothing where it is up, or where that is not allowed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack(_NAME_AND_FLAGS, b"lo", _UP, b""))
        except OSError:
            return


def start(program: str, profile: Path, downloads: str) -> tuple[subprocess.Popen[bytes], int]:
    """Firefox, and the port on which it listens."""
    preferences = {**_PREFERENCES, "browser.download.dir": json.dumps(downloads)}
    lines = [f'user_pref("{name}", {value});\n' for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    flags = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    process = subprocess.Popen([program, *flags], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    for line in process.stderr:
        if told := _ADDRESS.search(line):
            threading.Thread(target=_read_away, args=(process.stderr,), daemon=True).start()
            return process, int(told[1])
    raise SystemExit("Firefox ended before it listened")


def _read_away(stream: IO[bytes]) -> None:
    for _ in stream:
        pass


def _masked(content: bytes) -> bytes:
    mask = (_MASK * (len(content) // len(_MASK) + 1))[: len(content)]
    return (int.from_bytes(content, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(content), "big")


class WebSocket:
    """One connection as a client, of text alone."""

    def __init__(self, port: int) -> None:
        """Connect and ask for it."""
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._read = self._socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        asked = (
            f"GET /session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        self._socket.sendall(asked.encode())
        answer = self._read.readline()
        assert b" 101 " in answer, answer
        while self._read.readline().strip():
            pass

    def send(self, content: bytes, kind: int = _TEXT) -> None:
        """Send one message."""
        size = len(content)
        if size <= _SHORT:
            head = struct.pack("!BB", _LAST | kind, _MASKED | size)
        elif size < 1 << 16:
            head = struct.pack("!BBH", _LAST | kind, _MASKED | _MEDIUM, size)
        else:
            head = struct.pack("!BBQ", _LAST | kind, _MASKED | _LONG, size)
        self._socket.sendall(head + _MASK + _masked(content))

    def messages(self) -> Iterator[bytes]:
        """What comes, message by message, until the other side ends."""
        whole = b""
        while len(head := self._read.read(2)) == 2:
            size = head[1] & 0x7F
            if size == _MEDIUM:
                (size,) = struct.unpack("!H", self._read.read(2))
            elif size == _LONG:
                (size,) = struct.unpack("!Q", self._read.read(8))
            content = self._read.read(size)
            match head[0] & 0xF:
                case kind if kind == _CLOSE:
                    return
                case kind if kind == _PING:
                    self.send(content, _PONG)
                case _:
                    whole += content
                    if head[0] & _LAST:
                        yield whole
                        whole = b""


def _pass_on(connection: WebSocket) -> None:
    kept = b""
    while piece := os.read(sys.stdin.fileno(), 1 << 20):
        *whole, kept = (kept + piece).split(b"\0")
        for message in whole:
            connection.send(message)


def main() -> None:
    """Start it, and pass on until standard input ends."""
    bring_up_loopback()
    process, port = start(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    connection = WebSocket(port)

    def bring_back() -> None:
        for message in connection.messages():
            sys.stdout.buffer.write(message + b"\0")
            sys.stdout.buffer.flush()

    threading.Thread(target=bring_back, daemon=True).start()
    try:
        _pass_on(connection)
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
