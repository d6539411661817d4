"""The back office of points."""
