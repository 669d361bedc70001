"""Pages of a printed report: a running title, and `page n of m`, which is known when all are made."""

from __future__ import annotations

from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from chalicelib.documents.report_fonts import REGULAR

MARGIN: Final = 42
_GREY: Final = HexColor("#52606d")


class Section(Flowable):  # type: ignore[misc]
    """Where a part of the report begins: it takes no room, is in the reader's outline, and at the foot of its pages."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.width = self.height = 0

    def draw(self) -> None:
        """Mark the place."""
        key = f"section-{self.canv.getPageNumber()}-{self.title}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(self.title, key)
        self.canv.section = self.title


def numbered(title: str) -> type[Canvas]:
    """Answer the class of a canvas that keeps its pages until it can number them."""

    class Numbered(Canvas):  # type: ignore[misc]
        """A canvas of numbered pages."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **{**named, "initialFontName": REGULAR})
            self.section = ""
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - ReportLab's name
            """Keep a page."""
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            """Number the pages and write them."""
            for at, page in enumerate(self._kept, 1):
                self.__dict__.update(page)
                self._foot(at, len(self._kept))
                super().showPage()
            super().save()

        def _foot(self, at: int, of: int) -> None:
            width, _ = self._pagesize
            self.setFont(REGULAR, 7)
            self.setFillColor(_GREY)
            self.drawString(MARGIN, 24, " · ".join(filter(None, (title, self.section))))
            self.drawRightString(width - MARGIN, 24, f"Page {at} of {of}")

    return Numbered
