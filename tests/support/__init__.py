"""What the tests share: databases, the scorecard. Nothing here is a test."""
