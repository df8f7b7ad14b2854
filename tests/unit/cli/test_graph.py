"""Graphs as they are written: levels, the terminal, Mermaid and DOT, with any name."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from jobferry.cli.show.graph import (
    Drawing,
    DrawnEdge,
    DrawnNode,
    Look,
    as_dot,
    as_mermaid,
    as_text,
    levels,
)
from jobferry.cli.words import words

SAY = words("en")
HOSTILE = [
    'a"]; click n0 "javascript:alert(1)"',
    "a`b`",
    "end",
    "a\nb",
    "a\\",
    'quote" and \\" backslash',
    "<script>alert(1)</script>",
    "a --> b",
    "a; b %% c",
    "#quot;",
    "订单_日报",
    "x] | {y} (z)",
    "\x1b[31mred",
    "\u202eabc",
    "// no comment /* nor this */",
    "",
]
STATEMENT = re.compile(
    r"flowchart LR"
    r'|  n\d+\["(?:[^"#&<>`\[\]{}|;\\]|#\d+;|<br/>)*"\]'
    r'|  n\d+ (?:-->|-\. "(?:[^"#&<>`\[\]{}|;\\]|#\d+;)*" \.->) n\d+'
    r"|  %% .*"
    r"|  classDef [a-z]+ [a-z0-9:#,-]+|  class n\d+(?:,n\d+)* [a-z]+"
)
"""A line of a Mermaid flowchart as we write it: what could end a label stands in it as a number only."""
DOT_STRING = r'"(?:[^"\\]|\\["\\n])*"'
DOT_STATEMENT = re.compile(
    r"digraph jobferry \{|\}|  rankdir=LR;|  // .*"
    rf"|  node \[shape=box, style={DOT_STRING}\];"
    rf"|  n\d+ \[label={DOT_STRING}, fillcolor={DOT_STRING}\];"
    rf"|  n\d+ -> n\d+(?: \[label={DOT_STRING}, style=dashed\])?;"
)


def drawing(*edges: tuple[int, int], count: int = 0) -> Drawing:
    numbers = max([count - 1, *(max(edge) for edge in edges)])
    nodes = [DrawnNode(f"n{number}", "Dummy") for number in range(numbers + 1)]
    return Drawing(nodes, [DrawnEdge(*edge) for edge in edges])


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ([(0, 1), (1, 2)], [[0], [1], [2]]),
        ([(0, 1), (0, 2), (1, 3), (2, 3)], [[0], [1, 2], [3]]),
        ([(0, 3), (0, 1), (1, 2), (2, 3)], [[0], [1], [2], [3]]),
        ([(0, 1), (0, 1), (1, 1)], [[0], [1]]),
        ([(0, 1), (1, 0)], [[0], [1]]),
        ([(1, 2), (2, 1), (2, 0)], [[0, 1], [2]]),
    ],
)
def test_a_node_stands_behind_all_that_it_comes_after(
    edges: list[tuple[int, int]], found: list[list[int]]
) -> None:
    placed = levels(drawing(*edges))
    assert sorted(chain(*placed)) == sorted(chain(*found))
    if (1, 0) not in edges and (2, 1) not in edges:
        assert placed == found


def test_a_graph_in_the_terminal_is_read_level_by_level() -> None:
    nodes = [
        DrawnNode("start", "Dummy"),
        DrawnNode("装载", "CDMJob"),
        DrawnNode("check", "DataQualityMonitor", Look.MISSING),
        DrawnNode("end", "SMN"),
    ]
    edges = [DrawnEdge(0, 1), DrawnEdge(0, 2), DrawnEdge(1, 3), DrawnEdge(2, 3), DrawnEdge(3, 0, "runs")]
    lines = as_text(Drawing(nodes, edges[:4]), SAY)
    assert [line.text for line in lines] == [
        "1 ─ start Dummy",
        "2 ┬ 装载  CDMJob             after start",
        "  └ check DataQualityMonitor after start",
        "3 ─ end   SMN                after 装载, check",
    ]
    assert [line.style for line in lines] == ["", "", "red", ""]


def test_lines_fit_the_terminal() -> None:
    count = 30
    nodes = [DrawnNode(f"a_job_with_a_name_{number}", "stopped") for number in range(count)]
    edges = [DrawnEdge(number, count - 1) for number in range(count - 1)]
    edges += [DrawnEdge(count - 1, number, f"relation{number}") for number in range(5)]
    lines = [line.text for line in as_text(Drawing(nodes, edges), SAY)]
    assert "and 26 more" in "".join(lines)
    long = [line for line in lines if len(line) > 80]
    assert all("after" in line for line in long), long
    assert as_text(Drawing([], []), SAY) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_code_in_mermaid(name: str) -> None:
    written = as_mermaid(
        Drawing(
            [DrawnNode(name, name, Look.HELD), DrawnNode("b", "job")],
            [DrawnEdge(0, 1), DrawnEdge(0, 1, name or "x")],
            [f"not shown: {name}"],
        )
    )
    lines = written.splitlines()
    assert [line for line in lines if not STATEMENT.fullmatch(line)] == []
    assert len(lines) == 8
    assert decoded(lines[2]) == shown(name)


def decoded(line: str) -> str:
    """The label of a node as Mermaid shows it, its second line left out."""
    label = line.partition('["')[2].rpartition('"]')[0].partition("<br/>")[0]
    return re.sub(r"#(\d+);", lambda code: chr(int(code[1])), label)


def shown(name: str) -> str:
    from jobferry.model.printable import printable

    return printable(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_code_in_dot(name: str) -> None:
    written = as_dot(
        Drawing(
            [DrawnNode(name, "", Look.MISSING), DrawnNode("b", name)],
            [DrawnEdge(0, 1), DrawnEdge(0, 1, name or "x")],
            [name],
        )
    )
    lines = written.splitlines()
    assert [line for line in lines if not DOT_STATEMENT.fullmatch(line)] == []
    assert len(lines) == 9
    label = re.search(rf"label=({DOT_STRING})", lines[4])
    assert label is not None
    assert re.sub(r"\\(.)", r"\1", label[1][1:-1]) == shown(name)


def test_mermaid_and_dot_as_a_whole() -> None:
    some = Drawing(
        [DrawnNode("load", "held", Look.CENTRE), DrawnNode("sum", ""), DrawnNode("clean", "script")],
        [DrawnEdge(0, 1), DrawnEdge(0, 2, "script")],
        ["not shown: 3 (up, hop 2)"],
    )
    assert as_mermaid(some) == (
        "flowchart LR\n"
        "  %% not shown: 3 (up, hop 2)\n"
        '  n0["load<br/>held"]\n'
        '  n1["sum"]\n'
        '  n2["clean<br/>script"]\n'
        "  n0 --> n1\n"
        '  n0 -. "script" .-> n2\n'
        "  classDef centre fill:#dbeafe,stroke:#1d4ed8,stroke-width:3px\n"
        "  class n0 centre\n"
    )
    assert as_dot(some) == (
        "digraph jobferry {\n"
        "  // not shown: 3 (up, hop 2)\n"
        "  rankdir=LR;\n"
        '  node [shape=box, style="rounded,filled"];\n'
        '  n0 [label="load\\nheld", fillcolor="#dbeafe"];\n'
        '  n1 [label="sum", fillcolor="#ffffff"];\n'
        '  n2 [label="clean\\nscript", fillcolor="#ffffff"];\n'
        "  n0 -> n1;\n"
        '  n0 -> n2 [label="script", style=dashed];\n'
        "}\n"
    )
