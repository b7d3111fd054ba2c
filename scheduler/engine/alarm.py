"""The alarm clock of the loop: a sleep that signals and other threads can end at once."""

import os
import select
import signal


class Alarm:
    """A pipe. Unlike threading.Event it may be rung from a signal handler: no lock is involved."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        os.set_blocking(self._write_end, False)

    def ring_on_signals(self) -> None:
        """Let every handled signal ring. Main thread only."""
        signal.set_wakeup_fd(self._write_end, warn_on_full_buffer=False)

    def ring(self) -> None:
        """End the present sleep, or the next one."""
        try:
            os.write(self._write_end, b"!")
        except BlockingIOError:
            # The pipe is full of rings already.
            return

    def sleep(self, seconds: float) -> None:
        """Sleep on the monotonic clock, at most this long, until the next ring."""
        ready, _, _ = select.select([self._read_end], [], [], max(seconds, 0))
        if ready:
            os.read(self._read_end, 65536)

    def close(self) -> None:
        """Give the pipe back. Nothing may ring any more."""
        os.close(self._read_end)
        os.close(self._write_end)
