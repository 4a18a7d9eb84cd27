from datetime import date, datetime

import pytest

from demo.hotline import Book
from demo.town import Town

ANCHOR = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 20)


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def town():
    return Town(ANCHOR)


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def book(town):
    book = Book(town)
    book._next = date(2025, 6, 1)  # a year and a half are enough and quick to draw
    book.until(ANCHOR)
    return book


@pytest.fixture(scope="session")
def records(book, now):
    first = datetime.combine(book.town.first, datetime.min.time())
    return [order.record(now, book.class_names) for _, order in book.listing(now, first)]
