"""Ports nobody listens on."""

import socket


def free_ports(count: int) -> list[int]:
    """Return that many different free ports of 127.0.0.1."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
