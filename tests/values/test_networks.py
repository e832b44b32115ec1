"""Addresses as text: one width, one order, and back."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph.values.networks import (
    ADDRESS_CHARACTERS,
    NETWORK_CHARACTERS,
    Address,
    Network,
    address_from,
    address_text,
    mac_text,
    network_from,
    network_text,
)

pytestmark = pytest.mark.feature("types.values")


def _ipv4(first: IPv4Address, bits: int) -> Network:
    return IPv4Network((first, bits), strict=False)


def _ipv6(first: IPv6Address, bits: int) -> Network:
    return IPv6Network((first, bits), strict=False)


networks: st.SearchStrategy[Network] = st.builds(_ipv4, st.ip_addresses(v=4), st.integers(0, 32)) | st.builds(
    _ipv6, st.ip_addresses(v=6), st.integers(0, 128)
)


def rank(address: Address) -> tuple[int, int]:
    return address.version, int(address)


@given(st.ip_addresses(), st.ip_addresses())
def test_texts_of_addresses_sort_as_the_addresses(one: Address, other: Address) -> None:
    assert address_from(address_text(one)) == one
    assert (address_text(one) < address_text(other)) == (rank(one) < rank(other))
    assert len(address_text(one)) == (17 if one.version == 4 else ADDRESS_CHARACTERS)


@given(networks, networks)
def test_texts_of_networks_sort_as_the_networks(one: Network, other: Network) -> None:
    assert network_from(network_text(one)) == one
    less = (*rank(one.network_address), one.prefixlen) < (*rank(other.network_address), other.prefixlen)
    assert (network_text(one) < network_text(other)) == less
    assert len(network_text(one)) == (20 if one.version == 4 else NETWORK_CHARACTERS)


@given(networks, st.ip_addresses())
def test_a_network_is_what_lies_between_its_ends(network: Network, address: Address) -> None:
    between = address_text(network[0]) <= address_text(address) <= address_text(network[-1])
    assert between == (address.version == network.version and address in network)


def test_the_texts_are_those_that_are_documented() -> None:
    assert address_text(IPv4Address("192.168.0.1")) == "4:192.168.000.001"
    assert address_text(IPv6Address("2001:db8::1")) == "6:2001:0db8:0000:0000:0000:0000:0000:0001"
    assert address_text(IPv6Address("::ffff:10.0.0.1")) == "6:0000:0000:0000:0000:0000:ffff:0a00:0001"
    assert network_text(ip_network("10.0.0.0/8")) == "4:010.000.000.000/08"
    assert network_text(ip_network("::/0")) == "6:0000:0000:0000:0000:0000:0000:0000:0000/000"


@pytest.mark.parametrize(
    "spelling",
    ["08:00:2b:01:02:03", "08-00-2B-01-02-03", "08002b:010203", "08002B-010203", "0800.2b01.0203", "0800-2b01-0203",
     "08002b010203"],
)  # fmt: skip
def test_every_spelling_of_a_network_card_has_one_text(spelling: str) -> None:
    assert mac_text(spelling) == "08:00:2b:01:02:03"


@pytest.mark.parametrize(
    "text",
    ["", "08:00:2b:01:02", "08:00:2b:01:02:03:04", "08:00-2b:01:02:03", "0800:2b01:0203", "08002b01020g",
     " 08002b010203", "08002b010203\n", "０８002b010203"],
)  # fmt: skip
def test_other_texts_are_none(text: str) -> None:
    assert mac_text(text) is None
