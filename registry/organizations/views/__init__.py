"""The public site: the directory, the pages of organizations, filing step by step, and what managers enter."""
