"""What can go wrong while something is printed; the texts are for the person who asked for it."""


class PrintingError(Exception):
    """Nothing was printed, and nothing was issued. The text says why."""


class ResourceRefused(PrintingError):  # noqa: N818
    """A page wanted a file that is neither the project's own nor there."""


class DamagedDocument(PrintingError):  # noqa: N818
    """A stored file is gone, or its bytes are not those that were issued."""
