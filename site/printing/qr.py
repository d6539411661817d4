"""QR codes as images that need no file."""

import segno


def data_uri(text: str) -> str:
    """A QR code of a text as an SVG `data:` address, level M: it is still read with a stain or a fold."""
    uri: str = segno.make(text, error="m", micro=False).svg_data_uri(border=2, omitsize=True, encode_minimal=False)
    return uri
