"""When cron expressions fire, and how they are said in another zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobferry.model.document.cron import converted, cron_faults, fire_times, is_monthly, next_times

MARCH = datetime(2026, 3, 27, tzinfo=UTC)
"""Two days before the clocks of Berlin go forward."""


def told(expression: str, zone: str, start: datetime = MARCH, days: int = 3) -> list[str] | None:
    found = fire_times(expression, zone, start, days)
    return None if found is None else [f"{one:%d %H:%M}" for one in found]


def test_a_time_stays_on_the_wall_across_a_change_of_clocks() -> None:
    assert told("0 0 4 * * ?", "Europe/Berlin") == ["27 03:00", "28 03:00", "29 02:00"]
    assert told("0 0 4 * * ?", "GMT+8") == ["27 20:00", "28 20:00", "29 20:00"]


def test_a_time_that_the_clocks_skip_does_not_fire_that_day() -> None:
    assert told("0 30 2 * * ?", "Europe/Berlin") == ["27 01:30", "28 01:30"]


def test_days_of_month_and_week_are_read() -> None:
    assert told("0 0 1 28 * ?", "UTC") == ["28 01:00"]
    assert told("0 0 1 ? * 1", "UTC") == ["29 01:00"]
    assert told("0 0/30 1-2 ? * 7", "UTC") == ["28 01:00", "28 01:30", "28 02:00", "28 02:30"]


@pytest.mark.parametrize(
    "expression",
    [
        "5 0 1 * * ?",
        "x",
        "0 60 1 * * ?",
        "0 0 1 15 * MON",
        "0 0 1 L,15 * ?",
        "0 0 1 1W,15W * ?",
        "0 0 1 ? * 2#1,3#1",
        "0 0 1 ? FOO 2",
        "0 0 1 * * ? 1969",
    ],
)
def test_what_quartz_does_not_take_is_not_evaluated(expression: str) -> None:
    assert told(expression, "UTC") is None
    assert converted(expression, "GMT+8", "UTC") is None


@pytest.mark.parametrize(
    "expression",
    ["0 0 1 L * ?", "0 0 1 ? * 2#1", "0 0 1 * 2 ?", "0 0 1 * * ? 2026", "0 0 1 15W * ?", "0 0 1 ? * FRIL"],
)
def test_what_names_more_than_numbered_days_is_not_said_in_another_zone(expression: str) -> None:
    assert converted(expression, "GMT+8", "UTC") is None


YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ("L * ?", "01-31 02-28 03-31 04-30"),
        ("L-3 * ?", "01-28 02-25 03-28 04-27"),
        ("L-30 * ?", "01-01 03-01 05-01 07-01"),
        ("LW * ?", "01-30 02-27 03-31 04-30 05-29"),
        ("L-3W * ?", "01-28 02-25 03-27 04-27"),
        ("1W * ?", "01-01 02-02 03-02 04-01 05-01"),
        ("1W 8 ?", "08-03 2027-08-02"),
        ("15W * ?", "01-15 02-16 03-16 04-15"),
        ("30W 2-4 ?", "03-30 04-30 2027-03-30"),
        ("31W 5,6 ?", "05-29 2027-05-31"),
        ("5C * ?", "01-05 02-05"),
        ("29 2 ?", "2028-02-29 2032-02-29"),
        ("30 2 ?", ""),
        ("1 JAN,mar-May ?", "01-01 03-01 04-01 05-01 2027-01-01"),
        ("1 NOV-FEB ?", "01-01 02-01 11-01 12-01 2027-01-01"),
        ("1 */6 ?", "01-01 07-01 2027-01-01"),
        ("1 5/3 ?", "05-01 08-01 11-01 2027-05-01"),
        ("30-2 * ?", "01-01 01-02 01-30 01-31 02-01 02-02 03-01"),
        ("? * MON", "01-05 01-12"),
        ("? * mon-wed", "01-05 01-06 01-07 01-12"),
        ("? * FRI-MON", "01-02 01-03 01-04 01-05 01-09"),
        ("? * L", "01-03 01-10"),
        ("? * 1C", "01-04 01-11"),
        ("? * 6L", "01-30 02-27 03-27"),
        ("? * FRIL", "01-30 02-27 03-27"),
        ("? * 6#3", "01-16 02-20 03-20"),
        ("? * SAT#5", "01-31 05-30 08-29"),
        ("? * 2#1", "01-05 02-02"),
        ("? MAR SUN#1", "03-01 2027-03-07"),
        ("? * ? 2028", "2028-01-01 2028-01-02"),
        ("1 1 ? 2027-2030/2", "2027-01-01 2029-01-01"),
        ("1 1 ? 2020,2031", "2031-01-01"),
        ("1 1 ? 2020", ""),
    ],
)
def test_days_are_found_as_quartz_finds_them(fields: str, days: str) -> None:
    day, month, weekday, *year = fields.split()
    expression = " ".join(["0", "0", "1", day, month, weekday, *year])
    assert cron_faults(expression) == ()
    found = next_times(expression, "UTC", YEAR, max(1, len(days.split())))
    assert found is not None
    wanted = [one if one.count("-") == 2 else f"2026-{one}" for one in days.split()]
    assert [f"{one:%Y-%m-%d}" for one in found] == wanted


def test_a_range_of_hours_or_minutes_may_run_over_the_end() -> None:
    assert told("0 0 22-1 * * ?", "UTC", days=1) == ["27 00:00", "27 01:00", "27 22:00", "27 23:00"]
    assert told("0 58-1 3 * * ?", "UTC", days=1) == ["27 03:00", "27 03:01", "27 03:58", "27 03:59"]
    assert told("0 /30 3 * * ?", "UTC", days=1) == ["27 03:00", "27 03:30"]


def test_the_next_times_end_where_the_schedule_ends() -> None:
    end = datetime(2026, 2, 28, 1, tzinfo=UTC)
    found = next_times("0 0 1 L * ?", "UTC", YEAR, 5, end=end)
    assert found == [datetime(2026, 1, 31, 1, tzinfo=UTC), end]


@pytest.mark.parametrize(
    ("expression", "zone", "there", "made"),
    [
        ("0 0 10 * * ?", "GMT+8", "UTC", "0 0 2 * * ?"),
        ("0 0 1 * * ?", "GMT+8", "UTC", "0 0 17 * * ?"),
        ("0 15 1,20 * * ?", "Asia/Shanghai", "GMT+7", "0 15 0,19 * * ?"),
        ("0 0 1 ? * 2,1", "GMT+8", "UTC", "0 0 17 ? * 1,7"),
        ("0 0 1,12 ? * 2", "GMT+8", "UTC", None),
        ("0 0 1 15 * ?", "GMT+8", "UTC", None),
        ("0 0 12 15 * ?", "GMT+8", "UTC", "0 0 4 15 * ?"),
        ("0 0/10 * * * ?", "GMT+8", "UTC", "0 0/10 * * * ?"),
        ("0 0 10 * * ?", "GMT+05:30", "UTC", "0 30 4 * * ?"),
        ("0 0 1 ? * 1-7", "GMT+8", "UTC", "0 0 17 ? * *"),
        ("0 0,45 10 * * ?", "GMT+05:30", "UTC", None),
        ("0 0 10 * * ?", "GMT+8", "Europe/Berlin", None),
        ("0 0 10 * * ?", "Europe/Berlin", "Europe/London", "0 0 9 * * ?"),
        ("0 0 1 L * ?", "GMT+8", "Asia/Shanghai", "0 0 1 L * ?"),
    ],
)
def test_the_same_instants_are_said_in_another_zone_or_not_at_all(
    expression: str, zone: str, there: str, made: str | None
) -> None:
    assert converted(expression, zone, there) == made


@given(
    st.sets(st.integers(0, 59), min_size=1, max_size=3),
    st.sets(st.integers(0, 23), min_size=1, max_size=4),
    st.sampled_from(["* * ?", "? * 1", "? * 2,7", "? * *", "15 * ?"]),
    st.sampled_from(
        ["GMT+8", "GMT-3", "GMT+05:30", "UTC", "Europe/Berlin", "Europe/London", "America/New_York"]
    ),
    st.sampled_from(["GMT+8", "GMT+1", "UTC", "Europe/Paris", "Europe/Lisbon"]),
)
def test_what_is_converted_fires_at_the_same_instants(
    minutes: set[int], hours: set[int], days: str, zone: str, there: str
) -> None:
    expression = f"0 {','.join(map(str, sorted(minutes)))} {','.join(map(str, sorted(hours)))} {days}"
    made = converted(expression, zone, there)
    if made is not None:
        assert fire_times(made, there, MARCH, 20) == fire_times(expression, zone, MARCH, 20)


@pytest.mark.parametrize(
    "expression",
    [
        "0 0 2 * * *",
        "0 0/15 0-23/2 * * ? 2026",
        "0 */5 * * * ?",
        "0 /5 * * * ?",
        "0 0 22-2 * * ?",
        "0 0 1 L * ?",
        "0 0 1 LW * ?",
        "0 0 1 L-30W * ?",
        "0 0 1 15W * ?",
        "0 0 1 5C * ?",
        "0 0 1 1,15,31 JAN,mar-DEC ?",
        "0 0 1 ? * MON-FRI",
        "0 0 1 ? * 1,sat",
        "0 0 1 ? * 6#3",
        "0 0 1 ? * FRI#5",
        "0 0 1 ? * 5L",
        "0 0 1 ? * FRIL",
        "0 0 1 ? * L",
        "0 0 1 * * ? ?",
        "0 0 1 * * ? 2026-2030/2",
    ],
)
def test_what_is_documented_or_known_to_quartz_is_legal(expression: str) -> None:
    assert cron_faults(expression) == ()


@pytest.mark.parametrize(
    ("expression", "fields"),
    [
        ("0 0 25 * * ?", {3: "25"}),
        ("0 61 1 * * ?", {2: "61"}),
        ("0 0 1 32 * ?", {4: "32"}),
        ("0 0 1 * 13 ?", {5: "13"}),
        ("0 0 1 * * 8", {6: "8"}),
        ("0 0 1 ? * 0", {6: "0"}),
        ("0 x 1 * * ?", {2: "x"}),
        ("0 5-60 24 0 FOO ABC", {2: "5-60", 3: "24", 4: "0", 5: "FOO", 6: "ABC"}),
        ("0 */0 */24 * * ?", {2: "*/0", 3: "*/24"}),
        ("0 1,,2 1-2-3 * * ?", {2: "1,,2", 3: "1-2-3"}),
        ("0 ? L * * ?", {2: "?", 3: "L"}),
        ("0 0 1 32W * 6#6", {4: "32W", 6: "6#6"}),
        ("0 0 1 ? ? ?", {5: "?"}),
        ("0 0 1 * * ? 1969", {7: "1969"}),
        ("5 0 1 * * ?", {1: "5"}),
        ("0 0 0 * *", {6: ""}),
        ("0 0 1 * * ? * *", {8: "*"}),
        (" ", {1: ""}),
        ("0 \u0663 1 * * ?", {2: "\u0663"}),
    ],
)
def test_every_field_that_can_never_be_is_told(expression: str, fields: dict[int, str]) -> None:
    assert {one.field: one.value for one in cron_faults(expression)} == fields


def test_an_endless_expression_is_judged_without_being_remembered() -> None:
    assert len(cron_faults("0 0 1 * * " + "1," * 100_000 + "8")) == 1


def test_only_every_month_is_documented() -> None:
    assert not is_monthly("0 0 1 * * ?")
    assert is_monthly("0 0 1 1 JAN ?")
