"""Ends what a body has started when the node is killed: the system ends the child then, and not its programs."""

import os
import select
import signal
from contextlib import suppress

# The system may tell of the child's end a little before it tells of the node's, which was its reason.
NODE_ENDS_WITHIN_MS = 1_000


def leave_guard(node: int) -> None:
    """Leave a process behind, nobody's child, that waits for the node to end and then ends this process's group.

    It goes when this process ends by itself. Does nothing where the system has no file descriptors of processes.
    """
    if not hasattr(os, "pidfd_open"):
        return
    node_end, own_end = os.pidfd_open(node), os.pidfd_open(os.getpid())
    group = os.getpgrp()
    if between := os.fork():
        os.waitpid(between, 0)
        os.close(node_end)
        os.close(own_end)
        return
    try:
        if os.fork() == 0:
            _guard(group, node_end=node_end, own_end=own_end)
    finally:
        os._exit(0)


def _guard(group: int, *, node_end: int, own_end: int) -> None:
    os.setsid()
    # Whoever waits for the end of a pipe must not wait for this process.
    before = 0
    for kept in sorted((node_end, own_end)):
        os.closerange(before, kept)
        before = kept + 1
    os.closerange(before, os.sysconf("SC_OPEN_MAX"))
    if _has_ended(node_end, own_end, wait_ms=None) or _has_ended(node_end, wait_ms=NODE_ENDS_WITHIN_MS):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _has_ended(node_end: int, *others: int, wait_ms: int | None) -> bool:
    """Wait until one of these processes has ended; tell whether the node has."""
    poller = select.poll()
    for end in (node_end, *others):
        poller.register(end, select.POLLIN)
    return node_end in dict(poller.poll(wait_ms))
