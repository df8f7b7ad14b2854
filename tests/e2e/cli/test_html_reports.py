"""Reports as pages, from the command line. What they show, a browser says (``tests/console``)."""

from __future__ import annotations

from pathlib import Path

import jobferry
from builders import job, node

from .conftest import text, zipped
from .lines import Lines

BUILT = (Path(jobferry.__file__).parent / "console" / "report.html").is_file()
"""Whether ``make console`` was run; no other test here needs it."""


def test_a_report_is_a_page_or_the_command_says_how_to_have_one(run: Lines) -> None:
    for name, description in (("a", "one"), ("b", "two")):
        document = job("orders", node("n", "Dummy"), description=description)
        (run.folder / f"{name}.zip").write_bytes(zipped({"jobs/orders.job": text(document)}))
    run("import a.zip --yes")
    fine, differs = (0, 10) if BUILT else (4, 4)
    for ended in (
        run("check b.zip --report check.html", code=fine),
        run("plan b.zip -o plan.json --report plan.html", code=fine),
        run("receipt show --last --report receipt.html", code=fine),
        run("diff a.zip b.zip --report diff.html", code=differs),
        run("diff b.zip --report workspace.html", code=differs),
    ):
        assert BUILT or "make console" in ended.err
    for name in ("check", "plan", "receipt", "diff", "workspace"):
        page = run.folder / f"{name}.html"
        assert page.exists() == BUILT
        assert not BUILT or "orders" in page.read_text("utf-8")
        assert not BUILT or page.stat().st_mode & 0o777 == 0o600


def test_a_report_of_another_kind_is_refused_before_anything_is_asked(run: Lines) -> None:
    (run.folder / "a.zip").write_bytes(zipped({"jobs/orders.job": text(job("orders", node("n", "Dummy")))}))
    for name in ("r.pdf", "r", "r.CSV"):
        refused = run(f"check a.zip --report {name}", code=2)
        assert "a report is no" in refused.err
        assert "name a file that ends in .csv, .json, .txt or .html" in refused.err
        assert not (run.folder / name).exists()
    run("check a.zip --report r.csv")
    assert (run.folder / "r.csv").stat().st_mode & 0o777 == 0o600


def test_a_package_that_is_refused_has_a_report_as_well(run: Lines) -> None:
    (run.folder / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    ended = run("check broken.zip --report refused.html", code=7 if BUILT else 4)
    page = run.folder / "refused.html"
    assert page.exists() == BUILT
    reason = ended.err.splitlines()[-2].removeprefix("error: ") if BUILT else ""
    assert not BUILT or reason[:40] in page.read_text("utf-8")


def test_commands_that_only_make_pages_refuse_other_files(run: Lines) -> None:
    (run.folder / "a.zip").write_bytes(zipped({"jobs/orders.job": text(job("orders", node("n", "Dummy")))}))
    assert ".html" in run("plan a.zip -o plan.json --report plan.csv", code=2).err
    assert ".html" in run("diff a.zip a.zip --report diff.txt", code=2).err
