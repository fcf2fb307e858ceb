"""The numbers in a text: their forms, their values, and whether one says what another says."""

from dossier.numbers.reading import numbers_in
from dossier.numbers.values import CalendarDate, Kind, Number, covers, nearest, same

__all__ = ["CalendarDate", "Kind", "Number", "covers", "nearest", "numbers_in", "same"]
