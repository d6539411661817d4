"""The public site: a village's points, and a household's own."""
