"""Starts private database servers for tests, and stops them whatever happens.

Each server listens on a free port of the loopback address, keeps its data in a temporary directory and has a random
password, so that several runs on one machine neither meet nor read each other.
"""

from localservers.finding import MissingServer
from localservers.group import ServerGroup, start_all

__all__ = ["MissingServer", "ServerGroup", "start_all"]
