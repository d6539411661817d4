"""The back office of the register: the queue of filings and their review, the organizations, what belongs to them."""
