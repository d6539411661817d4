"""The public site: activities to join, registering, one's own hours, checking in."""
