"""Make `lookalikes.txt`: for each common character those that look most like it, best first.

    python search/data/make_lookalikes.py FONT [INDEX] > search/data/lookalikes.txt

Each character of GB 2312 is drawn with the font, blurred a little, and compared with every other one: how much of the
ink of both is shared. Takes some minutes. The list in the repository was made with Noto Sans CJK SC Bold (its licence,
the SIL Open Font License, leaves drawings free). Nothing of the font is in it.
"""

import sys
from collections import defaultdict

from PIL import Image, ImageDraw, ImageFilter, ImageFont

DRAWN, COMPARED = 40, 28
"""Pixels a side when drawn, and when compared."""
INK = 90
"""From this grey on a blurred pixel counts as ink."""
ALIKE = 0.72
KEPT = 7


def characters() -> list[str]:
    """The 6,763 characters of GB 2312."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [text for code in codes if (text := code.decode("gb2312", "ignore"))]


def drawing(character: str, font: ImageFont.FreeTypeFont) -> int:
    """The character as the bits of one number."""
    image = Image.new("L", (DRAWN, DRAWN))
    ImageDraw.Draw(image).text((DRAWN / 2, DRAWN / 2), character, fill=255, font=font, anchor="mm")
    small = image.filter(ImageFilter.GaussianBlur(1)).resize((COMPARED, COMPARED))
    return int.from_bytes(small.point(lambda grey: 255 if grey > INK else 0).convert("1").tobytes(), "big")


def lookalikes(drawings: dict[str, int]) -> dict[str, list[str]]:
    """For each character those that share most of its ink."""
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    ordered = sorted((bits.bit_count(), bits, character) for character, bits in drawings.items())
    for place, (ink, bits, character) in enumerate(ordered):
        for other_ink, other_bits, other in ordered[place + 1 :]:
            if ink < other_ink * ALIKE:
                break
            shared = (bits & other_bits).bit_count()
            likeness = shared / (ink + other_ink - shared)
            if likeness >= ALIKE:
                found[character].append((-likeness, other))
                found[other].append((-likeness, character))
    return {character: [other for _, other in sorted(found[character])[:KEPT]] for character in drawings}


def main(path: str, index: str = "0") -> None:
    """Write the list to standard output."""
    font = ImageFont.truetype(path, DRAWN, index=int(index))
    for character, others in lookalikes({each: drawing(each, font) for each in characters()}).items():
        if others:
            print(character + "".join(others))


if __name__ == "__main__":
    main(*sys.argv[1:])
