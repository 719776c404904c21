"""A picture that somebody sends, made anew: nothing of the file they sent is kept or shown.

Always outside a write unit: it takes a tenth of a second.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from booking.core.errors import NoPicture, PictureTooHeavy, TooManyPixels

KINDS = ("PNG", "JPEG", "WEBP")
MOST_MEGABYTES = 1
MOST_MEGAPIXELS = 12
WIDEST, HIGHEST = 720, 180
"""Pixels of what is kept: three times as many as a page shows."""

# The library would warn from a size on and decode all the same; here the size is looked at before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Picture:
    png: bytes
    width: int
    height: int


def logo_of(sent: bytes) -> Picture:
    """A PNG of at most ``WIDEST`` × ``HIGHEST`` pixels, without what was written into the file beside the picture.

    Raises ``PictureTooHeavy``, ``TooManyPixels`` (known from the head of the file alone) or ``NoPicture``.
    """
    if len(sent) > MOST_MEGABYTES * 1_000_000:
        raise PictureTooHeavy(limit=MOST_MEGABYTES)
    # Half a picture is none, whatever the maker of paper has said of its own.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(sent), formats=KINDS) as found:
            if found.width * found.height > MOST_MEGAPIXELS * 1_000_000:
                raise TooManyPixels(limit=MOST_MEGAPIXELS)
            return made_anew(found)
    except TooManyPixels:
        raise
    except Exception as fault:  # a decoder that is fed anything raises anything
        raise NoPicture from fault


def made_anew(found: Image.Image) -> Picture:
    """The pixels alone, upright, on a canvas of our own."""
    upright = ImageOps.exif_transpose(found).convert("RGBA")
    upright.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", upright.size)
    canvas.paste(upright)
    written = io.BytesIO()
    canvas.save(written, "PNG", optimize=True)
    return Picture(written.getvalue(), canvas.width, canvas.height)
