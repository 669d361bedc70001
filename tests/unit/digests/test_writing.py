"""How a digest reads: on a phone, in a mail program, in print, as a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from chalicelib.digests import digest as says
from chalicelib.digests.digest import Alert, Digest, Links
from chalicelib.digests.html import html
from chalicelib.digests.periods import period
from chalicelib.digests.printed import printed
from chalicelib.digests.text import WIDTH, text
from chalicelib.digests.told import Against, Known, Numbers, Told
from chalicelib.digests.words import UNKNOWN, spark
from chalicelib.documents import report
from chalicelib.documents.document import Column, Style
from chalicelib.subscriptions.subscription import Cadence

PARIS = ZoneInfo("Europe/Paris")
OF = period(Cadence.DAILY, date(2026, 11, 26), PARIS)
COUNT = Column("n", "BIGINT", unit="downloads")
SHARE = Column("n", "DOUBLE", unit="share", style=Style.SHARE)
MONEY = Column("n", "DECIMAL(38,9)", style=Style.MONEY)
LINKS = Links("https://headwater.invalid/?a=1&b=2", "https://headwater.invalid/pdf", "https://h/p", "https://h/u")

DOWNLOADS = Told(
    "downloads", "Downloads", Known.VALUE, COUNT, OF.start, OF.end,
    (Numbers(1234, Against(1100, 134, 134 / 1100), Against(None), (*[None] * 11, 900, 1000, 1234)),),
)  # fmt: skip
WON = Told(
    "won_amount", "Amount won", Known.VALUE, MONEY, OF.start, OF.end,
    (
        Numbers(
            Decimal("12000.5"), Against(Decimal(0), Decimal("12000.5")),
            Against(Decimal(12000), Decimal("0.5"), 0.00004, counted=True),
            (*[Decimal(0)] * 13, Decimal("12000.5")), "EUR",
        ),
        Numbers(Decimal(700000), Against(Decimal(0), Decimal(700000)), Against(), (Decimal(700000),) * 14, "JPY"),
    ),
)  # fmt: skip
RATE = Told(
    "win_rate", "Win rate", Known.EARLIER, SHARE, OF.bounds[-3], OF.bounds[-2],
    (Numbers(0.125, Against(0.1, 0.025, 0.25), Against(0.125, 0), (*[None] * 11, 0.1, 0.125, None)),),
    said="salesforce_pipeline is complete up to Wed 25 Nov 14:15.", late="The source is late.",
)  # fmt: skip
GONE = Told("mine", "<b>Mine</b>", Known.GONE, said="There is no metric of this name any more.")
FULL = Digest(
    OF, (DOWNLOADS, WON, RATE, GONE), (Alert(OF.start, "Downloads are low: 3 < 5"),), ("logs: failing.",),
    (date(2026, 11, 25),),
)  # fmt: skip


def test_it_reads_so() -> None:
    assert (
        text(FULL, LINKS)
        == """\
Wed 25 Nov 2026
Daily digest, Europe/Paris

Not sent, as Headwater could not: the digest
of Wed 25 Nov.

Downloads                              1,234
  day before       1,100       +134   +12.2%
  year before                      not known
  ···········▁▃█                900 to 1,234

Amount won                     12,000.50 EUR
  day before                        0.00 EUR
                              +12,000.50 EUR
  year before                  12,000.00 EUR
                            +0.50 EUR  +0.0%
  ▁▁▁▁▁▁▁▁▁▁▁▁▁█   0.00 EUR to 12,000.50 EUR

Amount won                       700,000 JPY
  day before                           0 JPY
                                +700,000 JPY
  year before                      not known
  ▄▄▄▄▄▄▄▄▄▄▄▄▄▄          always 700,000 JPY

Win rate                              12.50%
  Tue 24 Nov 2026, the last complete day:
  salesforce_pipeline is complete up to Wed
  25 Nov 14:15.
  day before      10.00%   +2.50 pp
  year before     12.50%  unchanged
  ···········▁█·            10.00% to 12.50%

NOT KNOWN
- <b>Mine</b>: There is no metric of this
  name any more.

ALERTS
- Wed 25 Nov 00:00  Downloads are low: 3 < 5

IN TROUBLE NOW
- The source is late.
- logs: failing.

HOW TO READ IT
- The line shows 14 days; · is one without a
  value, or not known.
- 'Year before' is the same weekday, 364
  days before.

Dashboard:
https://headwater.invalid/?a=1&b=2

As a PDF, with charts:
https://headwater.invalid/pdf

Choose what you hear:
https://h/p

Unsubscribe:
https://h/u
"""
    )


def test_where_nothing_was_counted_a_year_before_that_is_said_once() -> None:
    said = text(Digest(OF, (DOWNLOADS,)), Links())

    assert "year before  " not in said
    assert said.count("year before") == 1
    assert "Nothing was counted yet a year before." in said


def test_no_value_is_something_else_than_not_known() -> None:
    none = replace(RATE, numbers=(Numbers(0.5, Against(counted=True), Against(), (0.5,) * 14),))

    assert "  day before                        no value" in text(Digest(OF, (none,)), Links())


def test_where_nothing_is_known_that_is_one_paragraph_and_no_zero() -> None:
    late = Told("stars", "Stars", Known.NOT_YET, said="github is complete up to Mon 23 Nov 01:00.")
    said = text(Digest(OF, (late, replace(late, title="Forks"), GONE)), Links())

    assert " ".join(said.split("\n\n")[1].split()) == (
        "No number is known yet: none of the 3 metrics that you chose has a complete day to tell. "
        "github is complete up to Mon 23 Nov 01:00. There is no metric of this name any more."
    )
    assert "0 " not in said.split("ALERTS")[0].replace("2026", "").replace("01:00", "")
    assert says.short(Digest(OF, (late,))) == "Headwater Wed 25 Nov 2026: nothing is known yet."


values = st.none() | st.integers(-(10**15), 10**15) | st.decimals(-(10**12), 10**12, places=2)
against = st.builds(Against, values, values, st.none() | st.floats(-1e6, 1e6))
numbers = st.builds(
    Numbers, values, against, against, st.lists(values, max_size=14).map(tuple), st.sampled_from(["", "EUR"])
)
told = st.builds(
    Told, st.just("m"), st.text(min_size=1, max_size=80), st.sampled_from(Known), st.sampled_from([COUNT, MONEY]),
    st.just(OF.start), st.just(OF.end), st.lists(numbers, min_size=1, max_size=3).map(tuple), st.text(max_size=200),
    st.lists(st.text(max_size=80)).map(tuple), st.text(max_size=99),
)  # fmt: skip
digests = st.builds(
    Digest, st.just(OF), st.lists(told, max_size=4).map(tuple),
    st.lists(st.builds(Alert, st.just(OF.start), st.text(max_size=120)), max_size=12).map(tuple),
    st.lists(st.text(max_size=99), max_size=3).map(tuple),
)  # fmt: skip


@given(digests)
def test_whatever_it_says_lines_fit_a_phone(digest: Digest) -> None:
    lines = text(digest, LINKS).split("\n")

    assert [line for line in lines if len(line) > WIDTH and not line.startswith("https://")] == []
    assert len(says.short(digest)) <= 160
    assert says.subject(digest).isascii() and len(says.subject(digest)) < 100


class Page(HTMLParser):
    """The elements of a page, its addresses and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.said: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.said += data.split()


@given(digests)
def test_whatever_it_says_its_html_is_a_page_and_nothing_in_it_is_markup(digest: Digest) -> None:
    page = Page(html(digest, LINKS))

    known = {"html", "head", "meta", "style", "title", "body", "div", "h1", "h2", "p", "ul", "li", "a", "table"}
    known |= {"tbody", "tr", "th", "td", "span"}
    assert set(page.tags) <= known
    assert page.links == [address for _, address in LINKS.named()]


def test_the_html_says_what_the_text_says() -> None:
    said = " ".join(Page(html(FULL, LINKS)).said)
    for part in (
        "Downloads 1,234",
        "12,000.50 EUR",
        "+2.50 pp",
        "not known",
        "<b>Mine</b>: There is no metric",
        "3 < 5",
    ):
        assert part in said


def test_the_print_has_a_page_that_says_it_all(tmp_path: Path) -> None:
    report.write(printed(FULL), tmp_path / "a.pdf")

    said = PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    for part in (
        "Wed 25 Nov 2026",
        "Downloads",
        "1,234",
        "+134 (+12.2%)",
        "not known",
        "12,000.50 EUR",
        "logs: failing.",
    ):
        assert part in said


def test_a_printed_metric_is_never_parted_from_its_last_days(tmp_path: Path) -> None:
    for many in range(1, 30):
        report.write(printed(Digest(OF, (replace(DOWNLOADS, numbers=DOWNLOADS.numbers * many),))), tmp_path / "a.pdf")

        [page] = [said for said in texts(tmp_path / "a.pdf") if "Downloads\n14 days" in said]
        assert page.partition("14 days")[2].count("2026-11-25") >= min(many, 7)


def test_two_metrics_stand_on_a_page(tmp_path: Path) -> None:
    report.write(printed(Digest(OF, (DOWNLOADS,) * 7)), tmp_path / "a.pdf")

    assert [said.count("The last 7 of 14 rows.") for said in texts(tmp_path / "a.pdf")] == [1, 2, 2, 2]


def texts(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


@given(st.lists(st.none() | st.floats(-1e9, 1e9) | st.integers(-(10**30), 10**30), max_size=14))
def test_a_spark_line_is_as_long_as_its_values_and_rises_with_them(series: list[float | None]) -> None:
    line = spark(series)

    assert [bar == UNKNOWN for bar in line] == [one is None for one in series]
    bars = [(one, bar) for one, bar in zip(series, line, strict=True) if one is not None]
    assert all(low <= high for (a, low) in bars for (b, high) in bars if a <= b)


@pytest.mark.parametrize(("many", "more"), [(10, []), (12, [("", "and 2 more.")])])
def test_of_many_alerts_the_first_are_told_and_how_many_more(many: int, more: list[tuple[str, str]]) -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    alerts = tuple(Alert(at + timedelta(minutes=n), f"a{n}") for n in range(many))

    assert list(says.fired(Digest(OF, (), alerts)))[10:] == more


def test_a_line_for_a_phone_has_what_fits() -> None:
    assert says.short(FULL) == (
        "Headwater Wed 25 Nov 2026: Downloads 1,234 (+12.2%), Amount won 12,000.50 EUR, Amount won 700,000 JPY, "
        "Win rate 12.50% (+25.0%) (earlier)."
    )
