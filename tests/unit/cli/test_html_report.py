"""Reports as pages: what is put into them stays data."""

from __future__ import annotations

import json

from jobferry.cli.html_report import Report, ReportRow, filled

HOSTILE = "</script><script>alert(1)</script><!-- \u2028 & {report-data}"


def test_no_text_of_a_report_ends_the_element_that_holds_it() -> None:
    row = ReportRow(verdict="create", kind="job", name=HOSTILE)
    report = Report(about="check", language="en", title=HOSTILE, rows=[row], counts={"create": 1})
    page = filled("<script>{report-data}</script><p>{report-data}</p>", report)
    assert page.count("</script>") == 1
    assert page.endswith("</script><p>{report-data}</p>"), "only the first place is filled"
    inside = page.removeprefix("<script>").partition("</script>")[0]
    assert "\u2028" not in inside
    told = json.loads(inside)
    assert told["title"] == told["rows"][0]["name"] == HOSTILE
