"""Figures in a spreadsheet: numbers that can be added, text that stays text."""

import io
from decimal import Decimal

from openpyxl import load_workbook

from portal.kernel import sheets
from portal.kernel.sheets import Figure, measured


def test_decimals_and_figures_are_numbers_and_text_stays_text():
    three = Figure("3 天", Decimal(3), measured(Decimal(3), " 天"))
    rows = [[Decimal("97.25"), three, "0012"], [Figure("+0.5", Decimal("0.5")), Figure("—2", -2), "=1+1"]]
    made = load_workbook(io.BytesIO(sheets.workbook([("表", ["甲", "乙", "丙"], rows)]))).worksheets[0]
    assert [[c.value for c in line] for line in made.iter_rows(min_row=2)] == [[97.25, 3, "0012"], [0.5, -2, "=1+1"]]
    assert [c.data_type for c in made[3]] == ["n", "n", "s"]
    assert (made["A2"].number_format, made["B2"].number_format, made["B3"].number_format) == ("0.00", '0" 天"', "0")
    assert f"{three}" == "3 天"
    assert measured(Decimal("2.5"), ' "次"') == '0.00" 次"'


def test_two_places_stay_exact():
    given = [Decimal(n) / 100 for n in (10, 29, 57, 9999, 100035, -1)]
    made = load_workbook(io.BytesIO(sheets.workbook([("表", ["甲"], [[n] for n in given])]))).worksheets[0]
    assert [Decimal(str(line[0].value)) for line in made.iter_rows(min_row=2)] == given
