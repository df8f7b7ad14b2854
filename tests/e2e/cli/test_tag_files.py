"""Tags go out as a file, and a file brings them in."""

from __future__ import annotations

from .conftest import JOB, Program, text, zipped


def test_a_tag_file_goes_out_and_comes_in(jobferry: Program, ready: str) -> None:
    script = {"name": "clean", "type": "DWSSQL", "content": "SELECT 1"}
    entries = {"jobs/orders.job": text(JOB), "scripts/clean.script": text(script)}
    jobferry.folder.joinpath("p.zip").write_bytes(zipped(entries))
    jobferry.done("import", "p.zip", "--data", ready)
    file = jobferry.folder / "tags.csv"
    file.write_text("job,nightly\norders,1\n")
    brought = jobferry.done("tag", "import", file, "--data", ready, "--json").json
    assert brought == {"jobs": 1, "changed": 1, "tags_made": ["nightly"]}
    jobferry.done("tag", "export", "out.csv", "--tag", "nightly", "--data", ready)
    assert jobferry.folder.joinpath("out.csv").read_text("utf-8-sig") == "job,nightly\norders,1\n"
    file.write_text("job,nightly\norders,0\nnobody,1\n")
    refused = jobferry("tag", "import", file, "--overwrite", "--data", ready)
    assert refused.code == 5
    assert "line 3: there is no job nobody" in refused.err
    file.write_text("job,nightly\norders,0\n")
    told = jobferry.done("tag", "import", file, "--overwrite", "--data", ready)
    assert told.out == "1 of 1 jobs have other tags now\n"
