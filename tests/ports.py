"""Ports for what a test starts, none of which another test or a running product wants."""

from __future__ import annotations

import socket


def free_ports(count: int) -> list[int]:
    """Ports that are free now, all different; the town's comes first.

    The town listens on the port after its own as well, where its broker is.
    """
    while True:
        doors = [socket.socket() for _ in range(count + 1)]
        try:
            for door in doors[1:]:
                door.bind(("127.0.0.1", 0))
            ports = [door.getsockname()[1] for door in doors[1:]]
            doors[0].bind(("127.0.0.1", ports[0] + 1))
            return ports
        except (OSError, OverflowError):  # somebody has the one after the first
            continue
        finally:
            for door in doors:
                door.close()
