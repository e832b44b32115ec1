"""The tests of isomorph."""
