"""Figures: a period on one page, and the same to take away as lines, as a workbook, or for another program."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from booking.database import read
from booking.usecases.figures import report_of
from booking.web.admin.figures_files import days_table, for_programs, hours_table, services_table
from booking.web.admin.figures_shown import shown
from booking.web.admin.figures_wish import READERS, periods, wished
from booking.web.guard import open_to
from booking.web.tables import WORKBOOK, as_csv, as_workbook, to_take_away


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/figures", "figures", figures)
    blueprint.add_url_rule("/figures.csv", "figures_csv", figures_csv)
    blueprint.add_url_rule("/figures.xlsx", "figures_xlsx", figures_xlsx)
    blueprint.add_url_rule("/figures.json", "figures_json", figures_json)


@open_to(READERS)
def figures() -> ResponseReturnValue:
    wish = wished()
    report = report_of(read(), wish.chosen)
    page = render_template("admin/figures.html", wish=wish, report=report, periods=periods(), **shown(report, wish))
    return page, 422 if wish.is_wrong else 200


@open_to(READERS)
def figures_csv() -> Response:
    wish = wished()
    return to_take_away(as_csv(days_table(wish)), f"{wish.name}.csv", "text/csv")


@open_to(READERS)
def figures_xlsx() -> Response:
    wish = wished()
    report = report_of(read(), wish.chosen)
    sheets = [services_table(wish, report), days_table(wish), hours_table(wish, report)]
    return to_take_away(as_workbook(sheets), f"{wish.name}.xlsx", WORKBOOK)


@open_to(READERS)
def figures_json() -> Response:
    wish = wished()
    answer = jsonify(for_programs(wish, report_of(read(), wish.chosen)))
    answer.headers["Cache-Control"] = "no-store"
    return answer
