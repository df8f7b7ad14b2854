"""An English console begins a sentence with a capital, if that stands for itself and begins with a word."""

from __future__ import annotations

from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import Language
from jobferry.model.messages.reader import Reader
from jobferry.sentences import sentence

CONSOLE = Reader(is_console=True)


def test_a_sentence_that_stands_for_itself_begins_with_a_capital() -> None:
    assert CONSOLE.whole("nobody is signed in") == "Nobody is signed in"
    assert CONSOLE.whole(sentence("there is no job {name}", name="x")) == "There is no job x"
    assert CONSOLE.whole(sentence("{kind} {name} is held", kind=ObjectKind.JOB, name="x")) == "Job x is held"
    assert CONSOLE.inside("easydata").whole("jobs wait") == "Tasks wait"


def test_what_begins_with_a_name_a_key_or_a_number_stays_as_it_is() -> None:
    for said in (
        sentence("{name} is locked", name="orders"),
        sentence("{count:object} checked", count=2),
        "receipt_days is no number",
        "--config names a file",
        "`jobferry serve` says so",
        "obs://bucket is not there",
        "'orders' is taken",
        "",
    ):
        assert CONSOLE.whole(said) == said


def test_parts_of_a_sentence_other_languages_and_shells_are_as_they_were() -> None:
    assert CONSOLE.told("nobody is signed in") == "nobody is signed in"
    assert Reader().whole("nobody is signed in") == "nobody is signed in"
    chinese = CONSOLE._replace(language=Language.CHINESE)
    assert chinese.whole("nobody is signed in") == chinese.told("nobody is signed in")


def test_a_finding_s_remedy_is_a_sentence_and_what_it_says_of_something_is_none() -> None:
    args = {"need": "dwh"}
    assert CONSOLE.phrase("connection-missing", args) == (
        "refers to the connection dwh, which does not exist here",
        "Map it, or create it",
    )
    assert Reader().phrase("connection-missing", args).remedy == "map it, or create it"


def test_both_of_a_notice_are_sentences() -> None:
    args = {"package": "p.zip", "workspace": "dev", "said": "2 created", "by": "lin", "things": "orders"}
    assert CONSOLE.notice("import-finished", args) == (
        "The import of p.zip into the workspace dev is finished: 2 created",
        "See “Imports”",
    )
    assert CONSOLE.notice("locks-taken", args).message.startswith("lin has taken")
