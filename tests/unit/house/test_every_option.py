"""Every command, option and setting of the program is used by a test: the list is the program's own."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest
from typer.main import get_command

from cases import every_case
from commandlines import ROOT, Use, lines_of, offered, said, uses
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.cli.app import program
from jobferry.model.platform_settings import PLATFORM_SETTINGS, SIZES
from jobferry.model.settings import SETTINGS

DAYS = "e2e/platform/test_kept_days.py::test_each_setting_of_days_removes_what_it_is_about_and_nothing_else"
BACKED_UP = "e2e/platform/test_asset_backups.py::"
ACTS = "contract/api/test_acts.py::"
BACKUPS = "contract/people/test_scheduled_backups.py::"
CROWD = "e2e/cli/test_crowded.py::"
FILES = "contract/kinds/test_files.py::"
SERVICE = (
    "e2e/faults/test_object_service.py::test_an_import_from_it_names_object_and_reason_and_leaves_nothing"
)
HERE = "e2e/platform/test_settings.py::"
LIMITS = f"{HERE}test_a_limit_of_packages_refuses_by_its_name_until_it_is_raised"
MISSING = f"{HERE}test_what_is_missing_or_unknown_keeps_a_job_out_or_holds_it_or_only_warns"

WORKSPACE = {
    "profile": "contract/api/test_easydata.py::test_a_directory_must_be_chosen_or_set",
    "duplicates": f"{HERE}test_one_that_fails_keeps_all_out_and_what_lands_is_only_saved",
    "match": f"{HERE}test_by_name_alone_an_object_of_the_same_uid_is_left_alone",
    "directory": f"{HERE}test_a_chosen_directory_must_be_named",
    "missing": MISSING,
    "unknown_inventory": MISSING,
    "outcome": f"{HERE}test_one_that_fails_keeps_all_out_and_what_lands_is_only_saved",
    "target_status": f"{HERE}test_one_that_fails_keeps_all_out_and_what_lands_is_only_saved",
    "target_edited": f"{HERE}test_edits_made_here_are_overwritten_with_a_warning_or_block",
    "undocumented": f"{HERE}test_what_lacks_a_required_field_warns_or_blocks",
    "lock_policy": "contract/editing/test_locks.py::test_who_may_do_what",
    "default_directory": "contract/api/test_easydata.py::test_a_directory_must_be_chosen_or_set",
    "must_be_stopped": f"{HERE}test_a_job_that_runs_is_overwritten_where_it_need_not_be_stopped",
    "failed_tag": "unit/plan/test_failing.py::test_a_job_that_is_here_and_fails_is_marked",
    "time_zone": f"{HERE}test_an_expression_without_a_zone_means_that_of_the_workspace",
    "variable_syntax": f"{HERE}test_which_spelling_is_a_variable_is_decided_by_the_workspace",
    "mrs_queue_mandatory": f"{HERE}test_a_mandatory_queue_is_asked_for_on_save_and_on_import",
    "job_dependency_rule": f"{HERE}test_jobs_do_not_wait_for_jobs_of_a_workspace_that_refuses",
    "sensitive_names": "contract/editing/test_reading.py"
    "::test_what_the_workspace_calls_sensitive_is_hidden_at_once",
    "download": f"{HERE}test_downloads_are_for_all_for_administrators_or_for_nobody",
    "asset_backup": f"{BACKED_UP}test_missed_days_are_caught_up_once_and_those_that_were_off_are_not",
    "asset_backup_path": f"{BACKED_UP}test_a_failure_that_passes_is_made_good_within_the_day",
    "asset_backup_days": f"{BACKED_UP}test_old_ones_go_with_the_next_good_one_and_only_our_own",
    "default_object_path": "e2e/platform/test_downloads.py"
    "::test_packages_are_written_to_the_default_place_of_the_workspace",
    "mode": "e2e/cli/test_working_together.py::test_releases_are_made_shown_rejected_withdrawn_and_approved",
    "review": "contract/reviews/test_asking.py::test_a_list_of_patterns_covers_what_it_names",
    "change_management": "e2e/cli/test_changes.py::test_what_makes_no_sense_is_refused",
    "inventory_accepted": "contract/api/test_accepting.py"
    "::test_the_setting_says_the_same_and_lets_go_as_well",
    "receipt_days": "e2e/platform/test_kept_days.py"
    "::test_the_days_of_a_workspace_go_before_those_of_the_platform",
    "version_count": "contract/editing/test_versions.py"
    "::test_the_last_versions_and_the_live_one_are_kept_and_numbers_go_on",
    "max_jobs": "contract/api/test_codes.py::test_a_documented_code_is_answered_with_its_sentence",
    "max_real_time_jobs": f"{HERE}test_real_time_jobs_have_a_limit_of_their_own",
    "max_scripts": "contract/api/test_codes.py::test_a_documented_code_is_answered_with_its_sentence",
    "max_connections": "contract/kinds/test_connections.py::test_the_quota_counts_what_comes_before",
    "max_directories": f"{HERE}test_a_workspace_has_as_many_directories_as_it_says",
    "max_nodes": f"{HERE}test_a_job_has_as_many_nodes_as_the_workspace_says",
}
PLATFORM = {
    "batch_exports": "e2e/platform/test_batches.py::test_who_may_and_where_it_is_switched_on",
    "batch_imports": "contract/rights/test_batch.py::test_while_it_is_on_owner_and_administrators_do",
    "object_imports": f"{HERE}test_object_storage_can_be_off_for_imports_and_exports_apart",
    "object_exports": f"{HERE}test_object_storage_can_be_off_for_imports_and_exports_apart",
    "factory_package_bytes": f"{ACTS}"
    "test_the_factory_door_is_import_job_and_its_caller_sees_size_and_setting",
    "factory_local_bytes": f"{ACTS}test_a_local_file_has_the_limit_of_import_job_and_of_nothing_else",
    "factory_unpacked_bytes": f"{ACTS}test_what_the_package_unpacks_to_is_told_with_the_setting_of_the_act",
    "package_bytes": LIMITS,
    "unpacked_bytes": LIMITS,
    "entries": LIMITS,
    "entry_bytes": LIMITS,
    "ratio": LIMITS,
    "file_bytes": f"{FILES}test_a_file_that_is_too_large_is_refused_going_out_and_coming_in",
    "unreadable": "e2e/platform/test_hostile.py"
    "::test_a_package_of_many_documents_that_are_none_is_refused_as_a_whole",
    "finding_bytes": "e2e/platform/test_hostile.py::test_more_findings_than_can_be_told_end_the_check",
    "task_days": f"{HERE}test_tasks_and_receipts_go_after_their_days_but_the_newest_receipt_stays",
    "receipt_days": DAYS,
    "audit_days": DAYS,
    "task_package_days": DAYS,
    "download_days": DAYS,
    "change_days": DAYS,
    "backup_place": f"{BACKUPS}test_nothing_is_backed_up_before_somebody_says_where",
    "backup_hour": f"{BACKUPS}test_one_of_several_servers_takes_each_one_that_is_due",
    "backup_zone": f"{BACKUPS}test_the_hour_is_that_of_the_zone",
    "backup_days": f"{BACKUPS}test_old_ones_go_when_a_new_one_is_there_and_nothing_else",
}
STARTED = f"{HERE}test_every_size_can_be_said_at_the_start_until_operations_say_otherwise"
BY_PROVIDER = "contract/api/test_provider_sign_in.py::"
STORES = "contract/files/test_named_stores.py::"
SERVERS = "e2e/servers/test_servers.py::"
ENVIRONMENT = {
    "oidc_issuer": f"{BY_PROVIDER}test_discovery_for_another_issuer_is_refused",
    "oidc_client": f"{BY_PROVIDER}test_what_the_provider_should_not_send_signs_nobody_in",
    "oidc_secret": f"{BY_PROVIDER}test_the_secret_may_be_given_itself_and_groups_by_another_claim",
    "oidc_secret_file": f"{BY_PROVIDER}test_another_e_mail_makes_no_second_user",
    "oidc_redirect": f"{BY_PROVIDER}test_browsers_are_sent_back_only_to_the_console_or_this_machine",
    "oidc_confirm_days": f"{BY_PROVIDER}test_a_token_ends_after_the_days_of_the_setting",
    "oidc_groups": f"{BY_PROVIDER}test_the_secret_may_be_given_itself_and_groups_by_another_claim",
    "oidc_roles": f"{BY_PROVIDER}test_roles_are_those_of_the_groups_at_each_sign_in",
    "local_sign_in": f"{BY_PROVIDER}test_passwords_are_off_and_the_machine_itself_still_works",
    "platform_name": "e2e/cli/test_looking.py::test_a_platform_is_called_as_it_is_said_at_its_first_start",
    "database": "e2e/crash/test_postgres.py"
    "::test_killed_the_server_keeps_the_old_state_and_the_import_is_carried_on",
    "objects": SERVICE,
    "objects_endpoint": SERVICE,
    "objects_region": f"{HERE}test_what_is_asked_of_an_object_service_is_signed_for_its_region",
    "objects_access_key": SERVICE,
    "objects_secret_key": SERVICE,
    "objects_addressing": "contract/files/test_service_faults.py::test_where_the_bucket_is_named_can_be_said",
    "objects_buckets": f"{STORES}test_buckets_that_stores_are_said_to_have_are_listed",
    "stores": f"{STORES}test_the_bucket_says_which_store_is_asked_with_its_own_key",
    "objects_patience": SERVICE,
    "key": "e2e/platform/test_key.py::test_the_key_comes_from_a_variable_or_a_file",
    "key_file": "e2e/platform/test_key.py::test_the_key_comes_from_a_variable_or_a_file",
    "webhook_url": "e2e/servers/test_webhook.py::test_each_end_is_told_once_by_whichever_server",
    "webhook_secret": "e2e/cli/test_doctor.py::test_a_webhook_that_is_not_right_or_not_taken_is_told",
    "metrics_token": "contract/api/test_metrics.py::test_with_a_token_only_who_sends_it_reads_them",
    "tls_cert": "e2e/cli/test_tls.py::test_a_platform_speaks_https_and_takes_a_new_certificate",
    "tls_key": "e2e/cli/test_tls.py::test_a_platform_speaks_https_and_takes_a_new_certificate",
    "host": "e2e/cli/test_serving.py::test_a_settings_file_says_where_to_listen_and_setting_list_where_from",
    "port": "e2e/cli/test_serving.py::test_a_settings_file_says_where_to_listen_and_setting_list_where_from",
    "trusted_proxies": "e2e/cli/test_people.py::test_a_proxy_is_believed_where_a_setting_says_so",
    "log_level": "e2e/cli/test_logs.py::test_at_debug_every_step_is_told_and_no_document_or_secret",
    "patience": "e2e/faults/test_locked_store.py::test_a_locked_database_is_told_with_when_to_come_again",
    "connections": f"{CROWD}test_who_waits_longest_gives_way_where_connections_are_short",
    "connections_per_address": f"{CROWD}test_one_address_has_only_its_share_of_the_connections",
    "client_patience": f"{CROWD}test_a_body_that_stops_coming_is_answered_after_a_while",
    "uploads_per_user": f"{CROWD}test_one_user_sends_so_many_large_bodies_at_once_and_others_are_not_touched",
    "packages": f"{SERVERS}test_packages_and_downloads_lie_in_an_object_service",
    "tasks": f"{SERVERS}test_a_server_that_only_answers_leaves_tasks_to_others",
    "readers": "e2e/platform/test_parsing.py::test_an_import_leads_to_the_same_with_processes_and_without",
    **{one.key: STARTED for one in SIZES},
}
"""By setting, the test that sees what it does: a file below ``tests``, and a function in it."""


def test_every_command_and_option_is_run_by_a_test() -> None:
    """A line counts that a test of the command line says and the program's own parser takes."""
    missing = sorted(offered() - said(ROOT / "e2e" / "cli"))
    assert [f"{one.command} {one.what}".strip() for one in missing] == []


def test_a_line_uses_its_command_its_arguments_and_its_options_and_a_wrong_one_uses_nothing() -> None:
    text = (
        "def test(run):\n"
        "    run('tag set orders red --lock --json')\n"
        "    jobferry.done('export', name, *MORE, '--no-schedule', '--data', 'here')\n"
        "    run(f'audit list --actor {lin}')\n"
        "    run('audit list --nobody knows')\n"
        "    say('audit verify')\n"
        "MORE = ('-o', 'out.zip')\n"
    )
    whole = get_command(program([]))
    found = {use for line in lines_of(text) for use in uses(whole, line)}
    assert found == {
        Use("tag set"),
        Use("tag set", "job"),
        Use("tag set", "tags"),
        Use("tag set", "--lock"),
        Use("export"),
        Use("export", "names"),
        Use("export", "--output"),
        Use("export", "--no-schedule"),
        Use("audit list"),
        Use("audit list", "--actor"),
    }


@pytest.mark.parametrize(
    ("table", "settings"),
    [(WORKSPACE, SETTINGS), (PLATFORM, PLATFORM_SETTINGS), (ENVIRONMENT, PlatformSettings.model_fields)],
    ids=["workspace", "platform", "environment"],
)
def test_what_every_setting_does_is_seen_by_a_test(table: dict[str, str], settings: Iterable[str]) -> None:
    assert table.keys() == set(settings)
    with every_case() as case:
        for key, test in table.items():
            with case(key):
                _sees(test, key)


def _sees(test: str, key: str) -> None:
    """That there is this test, and that it or its module speaks of the setting."""
    file, _, name = test.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    named = {one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)}
    assert name in named, f"{test}: there is no such test"
    whole = text + "".join(
        one.read_text(encoding="utf-8") for one in (ROOT / file).parent.glob("conftest.py")
    )
    spoken = (f"JOBFERRY_{key.upper()}", key, f"--{key.removeprefix('platform_')}")
    assert test == STARTED or any(one in whole for one in spoken), f"{test} says nothing of {key}"
