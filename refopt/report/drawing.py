"""A picture that a notebook shows and a file keeps."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG that stands alone."""

    title: str
    svg: str

    def __repr__(self) -> str:
        return f"<picture: {self.title}; .save('x.svg')>"

    def _repr_html_(self) -> str:
        """As an image of its own: the style of an SVG that stands in a page is the page's."""
        coded = base64.b64encode(self.svg.encode()).decode()
        return f'<img alt="{escape(self.title)}" src="data:image/svg+xml;base64,{coded}">'

    def save(self, path: str | Path) -> Path:
        """Write the SVG to a file, whole or not at all. Raises RefoptError where it cannot be written."""
        from refopt.golden.document import refuse_unwritable, write_whole

        refuse_unwritable(Path(path))
        write_whole(Path(path), self.svg)
        return Path(path)
