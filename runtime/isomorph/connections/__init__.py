"""Connections: where statements go. By name, pooled, with transactions; safe across threads and forks."""

from __future__ import annotations

from isomorph.connections.connection import Annotate, Connection
from isomorph.connections.pool import PoolStatistics
from isomorph.connections.registry import DEFAULT, Connections
from isomorph.connections.settings import ConnectionSettings, Env, PoolSettings, Setting
from isomorph.connections.url import environment, parse, resolve

__all__ = [
    "DEFAULT",
    "Annotate",
    "Connection",
    "ConnectionSettings",
    "Connections",
    "Env",
    "PoolSettings",
    "PoolStatistics",
    "Setting",
    "environment",
    "parse",
    "resolve",
]
