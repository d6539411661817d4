"""Every write to points that somebody can name."""
