"""Typical mistakes: each ends with the thing, the reason and the next step; none is accepted silently."""

from __future__ import annotations

import json

from builders import job, node
from cases import every_case

from .conftest import zipped
from .lines import Lines, written

MISTAKES = [
    ("impotr p.zip", 2, "there is no command impotr", "did you mean import?"),
    ("jobs list", 2, "there is no command jobs", "did you mean job?"),
    ("job lst", 2, "there is no command lst", "did you mean list?"),
    ("job list --colour red", 2, "there is no option --colour", "--columns"),
    ("job list --limit", 2, "the option --limit needs a value", "--help`"),
    ("job show", 2, "NAME is missing", "see `jobferry job show --help`"),
    (
        "job show nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    ("job show orders --version 9", 4, "the job orders has no version 9", "its newest version is 1"),
    ("job show orders --version x", 2, "'x' is not a version", "use its number, or live"),
    (
        "job delete nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    (
        "job start nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    (
        "job stop nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    ("job create nowhere.job", 4, "there is no file nowhere.job", "check the path"),
    (
        "job create bad.json",
        2,
        "the job is not valid JSON at line 2, column 11: a value is",
        "correct it there",
    ),
    (
        "job create list.json",
        2,
        "the job holds a list where an object is expected",
        "check that this file is what its name says",
    ),
    ("job create orders.job", 5, "the job name orders is taken", "choose another name"),
    ("job edit orders nowhere.job", 4, "there is no file nowhere.job", "check the path"),
    (
        "job edit nobody orders.job",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    (
        "job edit orders orders.job --if-match yesterday",
        2,
        "--if-match is 'yesterday', which is no ETag",
        "use the one that `jobferry job show orders",
    ),
    (
        "job submit nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    (
        "job list -w nowhere",
        4,
        "there is no workspace 'nowhere' here",
        "see `jobferry workspace list`; give its id",
    ),
    (
        "script submit nobody",
        4,
        "the script nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    (
        "version list nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    ("version show orders 9", 4, "the job orders has no version 9", "its newest version is 1"),
    (
        "version show orders x",
        2,
        "N does not take 'x': it is not a whole number",
        "see `jobferry version show --help`",
    ),
    ("version diff orders 1 9", 4, "the job orders has no version 9", "its newest version is 1"),
    ("version rollback orders 9", 4, "the job orders has no version 9", "its newest version is 1"),
    ("check", 2, "PACKAGE is missing", "see `jobferry check --help`"),
    ("check nowhere.zip", 4, "there is no file nowhere.zip", "check the path"),
    (
        "check no.zip",
        7,
        "the package is not a zip; it looks like text",
        "get the package again from where it came",
    ),
    (
        "check cut.zip",
        7,
        "the package is a zip that is cut short: its end is missing",
        "get the package again from where it came",
    ),
    (
        "check empty",
        2,
        "empty: holds no job, script, resource or manifest",
        "name a package, or a folder with *.job",
    ),
    (
        "check list.json",
        7,
        "the package is not a zip; it looks like JSON",
        "get the package again from where it came",
    ),
    (
        "check p.zip --map connection",
        2,
        "the value 'connection' of --map is not valid",
        "write KIND:FROM=TO, such as",
    ),
    (
        "check p.zip --map planet:a=b",
        2,
        "--map: 'planet' is not a kind of thing that jobs refer to",
        "did you mean path? kinds are: job, script",
    ),
    (
        "check p.zip --map connection:a=b --map connection:a=c",
        2,
        "--map names connection:a twice",
        "leave one of them out",
    ),
    ("check p.zip --mapping nowhere.yaml", 4, "there is no file nowhere.yaml", "check the path"),
    (
        "check p.zip --mapping list.yaml",
        2,
        "the mapping file list.yaml cannot be used: it is a list or",
        "write by kind which name replaces which",
    ),
    (
        "check p.zip --mapping broken.yaml",
        2,
        "the file broken.yaml is not valid: line 3, column 1: this",
        "write YAML, or JSON into a file whose name",
    ),
    (
        "check p.zip --mapping kinds.yaml",
        2,
        "kinds.yaml: 'connections' is not a kind of thing that jobs",
        "did you mean connection? kinds are: job",
    ),
    (
        "check p.zip --rules kinds.yaml",
        2,
        "the rules file kinds.yaml cannot be used: it is not a list",
        "write a list; each rule has directory",
    ),
    (
        "check p.zip --duplicates replace",
        2,
        "--duplicates does not take 'replace'",
        "use one of: skip, overwrite, fail, copy",
    ),
    ("check p.zip --missing maybe", 2, "--missing does not take 'maybe'", "use one of: block, hold"),
    (
        "check p.zip --time-zone Mars/Olympus",
        2,
        "the time zone 'Mars/Olympus' is not valid",
        "use a zone such as Asia/Shanghai or GMT+8",
    ),
    ("check p.zip --param day", 2, "the value 'day' of --param is not valid", "write NAME=VALUE"),
    (
        "check p.zip --job-param day=1",
        2,
        "the value 'day=1' of --job-param is not valid",
        "write JOB:NAME=VALUE",
    ),
    ("check p.zip --lines few", 2, "--lines: write a whole number, or all", "see `jobferry check --help`"),
    (
        "check p.zip --expect-digest abc",
        7,
        "this package has the digest",
        "check that it is the package whose digest",
    ),
    (
        "check obs://nobucket/p.zip",
        4,
        "obs://nobucket/p.zip: there is no bucket nobucket",
        "check the bucket's name",
    ),
    (
        "import p.zip --dry-run --save-route",
        2,
        "--dry-run changes nothing, and --save-route saves something",
        "leave one of them out",
    ),
    (
        "import p.zip --route",
        4,
        "the package does not say where it comes from, so there is",
        "see `jobferry route list`, or import",
    ),
    (
        "import two words.zip",
        2,
        "there are too many arguments: words.zip",
        "put a name with spaces into quotes, or see",
    ),
    ("apply nowhere.json", 4, "there is no file nowhere.json", "check the path"),
    ("apply list.json", 2, "list.json is no plan", "make one with `jobferry plan`"),
    ("undo", 2, "name the receipt of an import, or", "`jobferry receipt list`"),
    ("undo nowhere", 4, "there is no receipt nowhere", "see `jobferry receipt list`"),
    ("undo --last", 4, "there is no import here that", "`jobferry receipt list`"),
    ("receipt show nowhere", 4, "there is no receipt nowhere", "see `jobferry receipt list`"),
    ("receipt show 0", 4, "there is no receipt 0", "see `jobferry receipt list`"),
    ("download show nowhere", 4, "there is no download nowhere here", "it was deleted or has expired; see"),
    (
        "download get nowhere -o x.zip",
        4,
        "there is no download nowhere here",
        "it was deleted or has expired; see",
    ),
    (
        "download list --kind planet",
        2,
        "--kind does not take 'planet'",
        "use one of: selection, workspace, factory",
    ),
    ("task show nowhere", 4, "Task[nowhere] does not exist", "see `jobferry task list`"),
    (
        "task list --since yesterday",
        2,
        "the value 'yesterday' of --since is not a time",
        "write it like 2026-11-21, 2026-11-21T12:00",
    ),
    (
        "export",
        2,
        "name the jobs to export, choose by --directory, --tag or",
        "`jobferry export ods_orders -o orders.zip`",
    ),
    (
        "export nobody -o x.zip",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    (
        "export orders --all -o x.zip",
        2,
        "name the jobs to export, choose by --directory, --tag or",
        "`jobferry export ods_orders -o orders.zip`",
    ),
    ("export --all", 2, "say where the package goes", "add -o FILE, or -o - for stdout"),
    (
        "export --all -o nowhere/x.zip",
        6,
        "nowhere/x.zip cannot be written: No such file or directory",
        "choose another place",
    ),
    ("export --all -o - --json", 2, "stdout cannot hold both a package and --json", "add -o FILE"),
    (
        "export --all --until 2026-01-01 -o x.zip",
        2,
        "--until gives the end of a range, but no --since gives its",
        "add --since TIME",
    ),
    (
        "export --since yesterday -o x.zip",
        2,
        "the value 'yesterday' of --since is not a time",
        "write it like 2026-11-21, 2026-11-21T12:00",
    ),
    (
        "export --full -o x.zip",
        5,
        "change management is off in the workspace",
        "have its setting change_management set to",
    ),
    (
        "export --tag nope -o x.zip",
        2,
        "nothing to export from the workspace",
        "choose other objects, or export another",
    ),
    (
        "export --since-receipt list.json -o x.zip",
        2,
        "the file list.json is no receipt",
        "write one where the package was imported",
    ),
    ("inspect nowhere.zip", 4, "there is no file nowhere.zip", "check the path"),
    ("diff p.zip nowhere.zip", 4, "there is no file nowhere.zip", "check the path"),
    (
        "diff p.zip p.zip --everything",
        2,
        "--state, --everything, mappings and routes are about",
        "leave them out, or name one package alone",
    ),
    (
        "connection create x",
        2,
        "give either --type with --set, or --from-file",
        "see `jobferry connection create --help`",
    ),
    (
        "connection create x --type Oracle",
        2,
        "data connection x: type is Oracle, which is none of: DWS",
        "choose one of those",
    ),
    (
        "connection create x --type DWS",
        2,
        "data connection x: config names neither a cluster nor an",
        "give clusterName, or ip and port",
    ),
    (
        "connection create x --type DWS --set clusterName",
        2,
        "the value 'clusterName' of --set is not valid",
        "write NAME=VALUE",
    ),
    (
        "connection delete nobody",
        4,
        "the connection nobody does not exist in this workspace",
        "see `jobferry connection list`",
    ),
    (
        "connection secret nobody --stdin",
        2,
        "no password was given",
        "type it at the prompt, or give it on stdin",
    ),
    (
        "connection import p.zip",
        7,
        "the package holds no data connection; it holds jobs",
        "a package holds *.job, *.script or",
    ),
    (
        'variable set "a b" 1',
        2,
        "the variable name 'a b' is not valid",
        "use 1 to 64 letters, digits, _ or -",
    ),
    ("variable delete nobody", 4, "there is no variable nobody here", "see `jobferry variable list`"),
    (
        "variable import p.zip",
        7,
        "the package holds no environment variable; it holds jobs",
        "a package holds *.job, *.script or",
    ),
    (
        "inventory add planet x",
        2,
        "'planet' is not a kind of the inventory",
        "kinds are: queue, agent, cluster",
    ),
    (
        "inventory add",
        2,
        "give either KIND and names, or --from PACKAGE",
        "`jobferry inventory add queue etl_prod`, or",
    ),
    (
        "inventory remove queue nobody",
        4,
        "the inventory has no queue nobody",
        "see `jobferry inventory list`",
    ),
    ("inventory load nowhere.csv", 4, "there is no file nowhere.csv", "check the path"),
    (
        "inventory accept planet",
        2,
        "'planet' is not a kind of the inventory",
        "kinds are: queue, agent, cluster",
    ),
    ('tag create ""', 2, "the tag name '' is not valid", "use 1 to 128 printable characters, without"),
    ("tag delete nope", 4, "there is no tag nope in this workspace", "see `jobferry tag list`"),
    (
        "tag set nobody red",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    ("tag import nowhere.csv", 4, "there is no file nowhere.csv", "check the path"),
    (
        "lock take nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    (
        "lock release nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    ("route show nowhere", 2, "the source 'nowhere' is not valid", "write PLATFORM/WORKSPACE, as `jobferry"),
    (
        "route delete a/b",
        4,
        "there is no route here for packages from a/b",
        "see `jobferry route list`, or import",
    ),
    (
        "setting set colour=blue",
        2,
        "there is no setting 'colour' of a workspace",
        "settings are: profile, duplicates, match",
    ),
    (
        "setting set duplicates=never",
        2,
        "'never' does not fit the setting duplicates",
        "use one of: skip, overwrite, fail, copy",
    ),
    ("setting set duplicates", 2, "the value 'duplicates' of KEY=VALUE is not valid", "write NAME=VALUE"),
    (
        "setting set --platform ratio=none",
        2,
        "'none' does not fit the setting ratio",
        "use a whole number from 1 to 1000000",
    ),
    (
        'workspace create "a b"',
        2,
        "the workspace name 'a b' is not valid",
        "use 1 to 64 letters, digits, Chinese",
    ),
    (
        "workspace show nowhere",
        4,
        "there is no workspace 'nowhere' here",
        "see `jobferry workspace list`; give its id",
    ),
    ('user create "a b"', 2, "the user name 'a b' is not valid", "use 1 to 64 letters, digits, Chinese"),
    ("user disable nobody", 4, "there is no user 'nobody' here", "operations can make one: `jobferry user"),
    (
        "user edit nobody --operations",
        4,
        "there is no user 'nobody' here",
        "operations can make one: `jobferry user",
    ),
    ("user edit nobody", 2, "--operations is missing", "see `jobferry user edit --help`"),
    ('token create ""', 2, "the token name '' is not valid", "use 1 to 64 letters, such as the name of"),
    ("token delete nobody", 4, "administrator has no token 'nobody'", "see `jobferry token list`"),
    ("key disable NOBODY", 4, "administrator has no access key 'NOBODY'", "see `jobferry key list`"),
    (
        "member add nobody viewer",
        4,
        "there is no user 'nobody' here",
        "operations can make one: `jobferry user",
    ),
    (
        "member add administrator king",
        2,
        "'king' is not a role in a workspace",
        "roles are: administrator, developer",
    ),
    (
        "member remove nobody",
        4,
        "the user 'nobody' is not a member of the workspace",
        "see `jobferry member list`; add them with",
    ),
    ("policy delete nope", 4, "the workspace", "see `jobferry policy list`"),
    ("review show nowhere", 4, "there is no review nowhere in this workspace", "see `jobferry review list`"),
    (
        "review approve nowhere",
        4,
        "there is no review nowhere in this workspace",
        "see `jobferry review list`",
    ),
    ("release create x", 2, "a release holds 1 to 100 items, not 0", "name what to release"),
    (
        "release show nowhere",
        4,
        "there is no release nowhere in this workspace",
        "see `jobferry release list`",
    ),
    (
        "audit list --since yesterday",
        2,
        "the value 'yesterday' of --since is not a time",
        "write it like 2026-11-21, 2026-11-21T12:00",
    ),
    ("audit list --outcome maybe", 2, "--outcome does not take 'maybe'", "use one of: done, refused, failed"),
    (
        "change list --kind planet",
        2,
        "--kind does not take 'planet'",
        "use one of: job, script, resource, cdm",
    ),
    ("batch-package create --names nowhere.txt", 4, "there is no file nowhere.txt", "check the path"),
    ("uses script", 2, "script is not KIND:NAME", "script:clean"),
    ("uses planet:x", 2, "there is no kind planet", "did you mean path? kinds are: job, script"),
    (
        "graph nobody",
        4,
        "the job nobody does not exist in this workspace",
        "check the name and the workspace",
    ),
    ("completion csh", 2, "SHELL does not take 'csh'", "did you mean zsh?"),
    (
        "login nowhere",
        2,
        "the address 'nowhere' is not one of a platform",
        "write it like http://127.0.0.1:8650 or",
    ),
]
"""A line, its exit code, and what must stand in the error and in the hint."""


def test_each_mistake_ends_with_the_thing_the_reason_and_the_next_step(run: Lines) -> None:
    _files(run)
    with every_case() as case:
        for line, code, said, next_step in MISTAKES:
            with case(line):
                ended = run(line, code=code)
                error, _, hint = ended.err.partition("\nhint: ")
                assert error.startswith("error: "), ended
                assert said in error, ended
                assert next_step in hint, ended
                assert "something went wrong" not in ended.err


def test_mistakes_are_told_in_chinese_too(run: Lines) -> None:
    _files(run)
    with every_case() as case:
        for line, code, *_ in MISTAKES:
            with case(line):
                ended = run(f"{line} --language zh", code=code)
                error, _, hint = ended.err.partition("\n")
                assert error.startswith("错误：") and _has_chinese(error[3:]), ended
                assert hint.startswith("提示：") and _has_chinese(hint[3:]), ended


def _files(run: Lines) -> None:
    """A job that is there, a package, and files that are none."""
    folder, orders = run.folder, job("orders", node("n", "Dummy"))
    written(folder, "orders.job", orders)
    run("job create orders.job")
    good = zipped({"jobs/more.job": json.dumps(job("more", node("n", "Dummy"))).encode()})
    (folder / "p.zip").write_bytes(good)
    (folder / "cut.zip").write_bytes(good[:-30])
    (folder / "no.zip").write_bytes(b"no zip")
    (folder / "empty").mkdir()
    written(folder, "bad.json", '{"name": "x",\n "nodes": ]')
    written(folder, "list.json", [1])
    written(folder, "list.yaml", "- a\n")
    written(folder, "broken.yaml", "connection:\n  a: [b\n")
    written(folder, "kinds.yaml", "connections: {a: b}\n")


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
