"""The back office for places, for who holds which role, and for what was done by whom."""
