"""A program in a session of its own: one line in, one line out, everything bounded, nothing left running.

One loop writes stdin and reads stdout and stderr, so that no pipe can fill up and block either side. Whatever the program
does, a question costs at most its time limit, and ending the program ends its whole process group.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from refopt.conformance.programs.unreadable import Lost, Unheard, quoted
from refopt.errors import RefoptError

GRACE = 0.3
"""Seconds between SIGTERM and SIGKILL."""
FAREWELL = 0.5
"""Seconds that a program has to end by itself when it is told to stop."""
SLICE = 0.05
"""Seconds after which a silent program is looked at: is it still there?"""
TAIL = 4096
"""Bytes of its stderr that are kept."""
_ERROR = re.compile(r"(\w*Error|\w*Exception|panic|thread .* panicked|Segmentation fault)\b")
CHUNK = 1 << 20


class Process:
    """A running program. Raises RefoptError where it cannot be started."""

    def __init__(self, command: Sequence[str]) -> None:
        if not hasattr(os, "killpg"):
            raise RefoptError("programs can be judged on POSIX systems only", help="use WSL, or judge a Python object: python:module:factory")
        try:
            self.popen = subprocess.Popen(
                list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, start_new_session=True
            )
        except (OSError, ValueError) as error:
            told = getattr(error, "strerror", None) or str(error)
            raise RefoptError(f"cannot start {command[0]}: {told}", help="after -- stands a program and its arguments: refopt check -- node adam.mjs") from None
        assert self.popen.stdin and self.popen.stdout and self.popen.stderr
        self.stdin, self.stdout, self.stderr = self.popen.stdin.fileno(), self.popen.stdout.fileno(), self.popen.stderr.fileno()
        self._selector = selectors.DefaultSelector()
        for descriptor in (self.stdin, self.stdout, self.stderr):
            os.set_blocking(descriptor, False)
        self._selector.register(self.stdout, selectors.EVENT_READ)
        self._selector.register(self.stderr, selectors.EVENT_READ)
        self._open = {self.stdin, self.stdout, self.stderr}
        self._received = bytearray()
        self._tail = b""
        self._group_is_gone = False
        self._unread = self._answered = False

    def ask(self, line: bytes, seconds: float, limit: int) -> bytes:
        """Send a line and return the one that comes back, without its newline.

        Raises Lost where none comes within the time, it is longer than `limit` bytes, or the program ends or closes its stdout;
        Unheard where a program that answered before did that, or wrote a line, without having read a word of this one.
        """
        deadline = time.monotonic() + seconds
        unsent = memoryview(line)
        if self.stdin in self._open:
            self._selector.register(self.stdin, selectors.EVENT_WRITE)
        searched = 0
        try:
            while True:
                end = self._received.find(b"\n", searched)
                if end >= 0:
                    found = bytes(self._received[:end])
                    del self._received[: end + 1]
                    if self._unheard(line, unsent):
                        raise Unheard(f"wrote {quoted(found)} after its answer")
                    self._unread = bool(unsent)
                    self._answered = True
                    return found
                searched = len(self._received)
                if searched > limit:
                    raise Lost(f"wrote {searched} bytes without an end of line, where an answer has at most {limit}")
                if self.stdout not in self._open:
                    raise self._lost(line, unsent)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Lost(f"no line for {seconds:.1f} s" + (f", only {quoted(bytes(self._received))}" if self._received else ""), timed_out=True)
                ready = self._selector.select(min(left, SLICE))
                for key, _ in ready:
                    unsent = self._moved(int(key.fd), unsent)
                if not ready and self.is_dead():
                    self._drain(limit)
                    if b"\n" not in self._received:
                        raise self._lost(line, unsent)
        finally:
            with contextlib.suppress(KeyError):
                self._selector.unregister(self.stdin)

    def _lost(self, line: bytes, unsent: memoryview) -> Lost:
        """The program ended, or closed its stdout: in answer to the question, or before it had heard it."""
        unheard = self._unheard(line, unsent)
        return Unheard(f"{self._ended()} after its answer") if unheard else Lost(self._ended())

    def _unheard(self, line: bytes, unsent: memoryview) -> bool:
        """True where the whole question still lies in the pipe or here; only of a program that answered before."""
        if not self._answered or self.stdin not in self._open:
            return self._answered and len(unsent) == len(line)
        count = bytearray(4)
        try:
            import fcntl
            import termios

            fcntl.ioctl(self.stdin, termios.FIONREAD, count)
        except (ImportError, AttributeError, OSError):
            return False
        return int.from_bytes(count, sys.byteorder) + len(unsent) >= len(line)

    def _moved(self, descriptor: int, unsent: memoryview) -> memoryview:
        """Read or write what is possible now; what is left to write."""
        if descriptor == self.stdin:
            try:
                unsent = unsent[os.write(self.stdin, unsent[:CHUNK]) :]
            except BlockingIOError:
                return unsent
            except OSError:  # it reads no more; what it says, or how it ends, tells why
                self._close(self.stdin)
                return unsent
            if not unsent:
                self._selector.unregister(self.stdin)
        elif descriptor in self._open:
            self._read(descriptor)
        return unsent

    def _read(self, descriptor: int) -> int:
        """Read once; how many bytes came."""
        try:
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return 0
        except OSError:
            data = b""
        if not data:
            self._close(descriptor)
        elif descriptor == self.stdout:
            self._received += data
        else:
            self._tail = (self._tail + data)[-TAIL:]
        return len(data)

    def _drain(self, limit: int) -> None:
        """Read what lies in the pipes, at most so much of it."""
        for descriptor in (self.stderr, self.stdout):
            read = 0
            while descriptor in self._open and read <= limit and (n := self._read(descriptor)):
                read += n

    def _close(self, descriptor: int) -> None:
        if descriptor in self._open:
            self._open.discard(descriptor)
            with contextlib.suppress(KeyError):
                self._selector.unregister(descriptor)

    def leftover(self) -> str | None:
        """Obstacle to another question: the program ended, or wrote what nobody asked for. None where there is none."""
        self._drain(CHUNK)
        if self._unread and not self.is_dead():
            return "answered before it had read the whole question"
        if self._received:
            return f"wrote {quoted(bytes(self._received))} after its answer"
        if self.stdout not in self._open or self.is_dead():
            return f"{self._ended()} after its answer"
        return None

    def is_dead(self) -> bool:
        """True where the program has ended. It is not reaped yet, so that its group keeps its number."""
        if self.popen.returncode is not None:
            return True
        if not hasattr(os, "waitid"):
            return self.popen.poll() is not None
        try:
            return os.waitid(os.P_PID, self.popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def _waits(self, seconds: float) -> bool:
        """True where the program ends within the time."""
        deadline = time.monotonic() + seconds
        while not self.is_dead():
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.002)
        return True

    def _ended(self) -> str:
        """Text on the end of the program, or that it only closed its stdout."""
        middle = f" in the middle of a line, {quoted(bytes(self._received))}" if self._received else ""
        if not self._waits(GRACE):
            return f"closed its stdout{middle} but lived on"
        self._kill()
        code = self.popen.wait()
        return (f"killed by {_signal_name(-code)}" if code < 0 else f"exited with code {code}") + middle

    def last_words(self) -> str:
        """The last line on its stderr that names an error (Node ends with its version), else the last one, or ""."""
        self._drain(TAIL)
        lines = [x.strip() for x in self._tail.decode("utf-8", "backslashreplace").splitlines() if x.strip()]
        errors = [x for x in lines if _ERROR.match(x)]
        return (errors or lines or [""])[-1]

    def farewell(self, line: bytes) -> None:
        """Tell it to stop, give it a moment, then end it and its group."""
        if self.stdin in self._open:
            with contextlib.suppress(OSError):
                os.write(self.stdin, line)
        self._close(self.stdin)
        with contextlib.suppress(OSError):
            if self.popen.stdin is not None:
                self.popen.stdin.close()
        self._waits(FAREWELL)
        self.end()

    def end(self) -> str | None:
        """End the whole process group: SIGTERM, and SIGKILL for what is still there. How it went; None where the program had ended by itself."""
        told = None
        if not self.is_dead():
            self._signal(signal.SIGTERM)
            told = "stopped (SIGTERM)" if self._waits(GRACE) else "ignored SIGTERM, killed"
        self._kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(2)
        self._selector.close()
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        self._open.clear()
        return told

    def _kill(self) -> None:
        """SIGKILL for the whole group, once: after the program is reaped its number may belong to somebody else."""
        if not self._group_is_gone:
            self._signal(signal.SIGKILL)
            self._group_is_gone = True

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, number)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
