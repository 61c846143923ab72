"""Which test shows that an item of the first design's checklist holds, or why it belongs to a later part.

The items are the numbers of the acceptance list (`G-…`) and of what its own tests assert (`T-…`).
"""

from __future__ import annotations

from collections.abc import Iterator


def span(letter: str, first: int, last: int) -> list[str]:
    return [f"{letter}-{number:03}" for number in range(first, last + 1)]


REQUIRED = (
    *span("T", 1, 11), "T-020",
    *span("G", 1, 8), *span("G", 10, 16), *span("G", 20, 26), *span("G", 30, 36),
    *span("G", 40, 43), *span("G", 50, 68),
    *span("G", 100, 106), *span("G", 110, 118), *span("G", 120, 128), *span("G", 130, 135),
    *span("G", 140, 152), *span("G", 160, 165), *span("G", 170, 173),
)  # fmt: skip
"""Every item there is in the ranges; the numbers between them were never given."""

CRM = "tests.engine.test_conformance_crm"
FLOW = "tests.engine.test_conformance_flow"
DEPARTMENTS = "tests.cli.test_departments"
ROUTES = "served by the command line instead of HTTP"
INVOICES = "invoices come with a later part"
AGENTS = "agents, skills, rules, hooks and MCP servers come with the assistant, a later part"
CHAT = "the assistant comes with a later part"

LATER = {
    "G-001": "the way to a paid invoice ends before the invoice for now",
    **dict.fromkeys(("G-005", "G-013", *span("G", 40, 43), "G-054", "G-055", "G-065"), INVOICES),
    **dict.fromkeys(("T-003", "G-104", "G-105"), INVOICES),
    **dict.fromkeys(span("G", 130, 135), AGENTS),
    **dict.fromkeys(("G-162", "G-163"), AGENTS),
    **dict.fromkeys(("G-110", *span("G", 140, 152)), CHAT),
}
"""What is not built yet, and why."""

TESTS = {
    "T-001": f"{CRM}::test_t_001_g_020_g_021_g_022_a_contact_is_added_found_and_listed",
    "T-002": f"{CRM}::test_t_002_g_023_g_024_g_025_an_advanced_deal_is_in_its_new_stage_only",
    "T-004": f"{CRM}::test_t_004_g_030_g_031_a_new_sequence_is_a_draft",
    "T-005": f"{CRM}::test_t_005_g_032_g_033_g_052_only_an_activated_sequence_is_executed",
    "T-006": f"{FLOW}::test_t_006_g_122_g_123_a_draft_is_held_and_nothing_leaves",
    "T-007": f"{FLOW}::test_t_007_g_034_g_125_g_127_a_yes_sends_one_mail_and_plans_the_next_step",
    "T-008": f"{CRM}::test_t_008_g_016_the_department_says_what_it_is_and_the_engine_is_sound",
    "T-009": f"{CRM}::test_t_009_the_same_by_name_through_the_one_door",
    "T-010": f"{FLOW}::test_t_010_the_recording_mailer_records_the_message",
    "T-011": f"{FLOW}::test_t_011_g_101_one_mail_is_one_event",
    "T-020": f"{FLOW}::test_t_020_g_003_g_120_g_121_g_124_the_whole_way_from_enrolling_to_the_second_step",
    "G-002": "tests.engine.test_contacts::test_a_contact_has_everything_that_was_said",
    "G-003": f"{FLOW}::test_t_020_g_003_g_120_g_121_g_124_the_whole_way_from_enrolling_to_the_second_step",
    "G-004": f"{CRM}::test_g_004_g_050_a_deal_passes_the_six_stages",
    "G-006": "tests.system.test_main_job::test_import_sequence_draft_approve_send_next_step",
    "G-007": "tests.architecture.test_imports::test_the_import_contracts_are_kept",
    "G-008": f"{CRM}::test_g_008_g_011_g_012_each_area_has_its_operations",
    "G-010": f"{FLOW}::test_g_010_an_engine_is_made_of_a_file_a_clock_a_drafter_and_a_mailer",
    "G-011": f"{CRM}::test_g_008_g_011_g_012_each_area_has_its_operations",
    "G-012": f"{CRM}::test_g_008_g_011_g_012_each_area_has_its_operations",
    "G-014": f"{CRM}::test_g_014_g_171_events_go_to_one_log_of_the_session",
    "G-015": f"{FLOW}::test_g_015_g_172_the_drafter_gets_the_facts_and_its_words_are_held",
    "G-016": f"{CRM}::test_t_008_g_016_the_department_says_what_it_is_and_the_engine_is_sound",
    "G-020": f"{CRM}::test_t_001_g_020_g_021_g_022_a_contact_is_added_found_and_listed",
    "G-021": f"{CRM}::test_g_021_an_unknown_contact_is_not_found",
    "G-022": f"{CRM}::test_t_001_g_020_g_021_g_022_a_contact_is_added_found_and_listed",
    "G-023": f"{CRM}::test_g_023_a_deal_belongs_to_somebody_who_exists",
    "G-024": f"{CRM}::test_t_002_g_023_g_024_g_025_an_advanced_deal_is_in_its_new_stage_only",
    "G-025": f"{CRM}::test_t_002_g_023_g_024_g_025_an_advanced_deal_is_in_its_new_stage_only",
    "G-026": f"{CRM}::test_g_026_a_contact_is_updated",
    "G-030": f"{CRM}::test_g_030_a_sequence_without_steps_is_refused",
    "G-031": f"{CRM}::test_t_004_g_030_g_031_a_new_sequence_is_a_draft",
    "G-032": f"{CRM}::test_t_005_g_032_g_033_g_052_only_an_activated_sequence_is_executed",
    "G-033": f"{CRM}::test_t_005_g_032_g_033_g_052_only_an_activated_sequence_is_executed",
    "G-034": f"{FLOW}::test_t_007_g_034_g_125_g_127_a_yes_sends_one_mail_and_plans_the_next_step",
    "G-035": f"{CRM}::test_g_035_a_sequence_is_shown_and_its_text_seen_before_it_is_sent",
    "G-036": f"{CRM}::test_g_036_g_067_a_follow_up_is_planned_and_comes_up",
    "G-050": f"{CRM}::test_g_004_g_050_a_deal_passes_the_six_stages",
    "G-051": f"{CRM}::test_g_051_g_063_a_step_has_delay_channel_and_template",
    "G-052": f"{CRM}::test_t_005_g_032_g_033_g_052_only_an_activated_sequence_is_executed",
    "G-053": f"{FLOW}::test_g_053_g_114_g_173_the_queue_holds_the_work_and_a_worker_does_it",
    "G-056": f"{FLOW}::test_g_056_a_mailer_is_whatever_takes_an_envelope",
    "G-057": "tests.cli.test_bootstrap::test_port_and_encryption_follow_from_the_host",
    "G-058": f"{FLOW}::test_g_058_without_a_mailer_nothing_pretends_to_send",
    "G-059": f"{FLOW}::test_g_059_a_pass_holds_or_completes",
    "G-060": f"{CRM}::test_the_structures_have_their_fields",
    "G-061": f"{CRM}::test_the_structures_have_their_fields",
    "G-062": f"{CRM}::test_g_062_the_states_of_a_sequence_are_all_reachable_and_pausing_is_one",
    "G-063": f"{CRM}::test_g_051_g_063_a_step_has_delay_channel_and_template",
    "G-064": f"{FLOW}::test_g_064_another_channel_is_work_for_a_person_and_no_failed_job",
    "G-066": f"{CRM}::test_the_structures_have_their_fields",
    "G-067": f"{CRM}::test_g_036_g_067_a_follow_up_is_planned_and_comes_up",
    "G-068": f"{CRM}::test_g_068_the_run_of_a_sequence_is_kept",
    "G-100": f"{FLOW}::test_g_100_g_126_the_sent_step_is_told_after_the_sent_mail",
    "G-101": f"{FLOW}::test_t_011_g_101_one_mail_is_one_event",
    "G-102": f"{CRM}::test_a_change_is_an_event_whoever_makes_it",
    "G-103": f"{CRM}::test_a_change_is_an_event_whoever_makes_it",
    "G-106": f"{CRM}::test_a_change_is_an_event_whoever_makes_it",
    "G-111": f"{DEPARTMENTS}::test_the_status_for_a_program",
    "G-112": f"{DEPARTMENTS}::test_a_list_has_a_length_and_a_next",
    "G-113": f"{DEPARTMENTS}::test_events_are_newest_first_and_of_the_department_only",
    "G-114": f"{FLOW}::test_g_053_g_114_g_173_the_queue_holds_the_work_and_a_worker_does_it",
    "G-115": f"{DEPARTMENTS}::test_the_status_for_a_person",
    "G-116": f"{DEPARTMENTS}::test_lists_are_tables_for_people",
    "G-117": f"{DEPARTMENTS}::test_events_are_newest_first_and_of_the_department_only",
    "G-118": "tests.cli.test_call::test_tools_list_what_people_and_programs_may_call",
    "G-120": f"{FLOW}::test_t_020_g_003_g_120_g_121_g_124_the_whole_way_from_enrolling_to_the_second_step",
    "G-121": f"{FLOW}::test_t_020_g_003_g_120_g_121_g_124_the_whole_way_from_enrolling_to_the_second_step",
    "G-122": f"{FLOW}::test_t_006_g_122_g_123_a_draft_is_held_and_nothing_leaves",
    "G-123": f"{FLOW}::test_t_006_g_122_g_123_a_draft_is_held_and_nothing_leaves",
    "G-124": f"{FLOW}::test_t_020_g_003_g_120_g_121_g_124_the_whole_way_from_enrolling_to_the_second_step",
    "G-125": f"{FLOW}::test_t_007_g_034_g_125_g_127_a_yes_sends_one_mail_and_plans_the_next_step",
    "G-126": f"{FLOW}::test_g_100_g_126_the_sent_step_is_told_after_the_sent_mail",
    "G-127": f"{FLOW}::test_t_007_g_034_g_125_g_127_a_yes_sends_one_mail_and_plans_the_next_step",
    "G-128": f"{FLOW}::test_g_128_a_no_ends_the_job_and_the_run",
    "G-160": f"{CRM}::test_g_160_a_new_operation_needs_no_change_of_the_core",
    "G-161": "tests.engine.test_operations::test_an_event_of_an_unlisted_kind_is_refused",
    "G-164": "tests.cli.test_call::test_tools_list_what_people_and_programs_may_call",
    "G-165": "tests.adapters.test_registries::test_what_is_written_is_listed",
    "G-170": f"{FLOW}::test_g_170_contacts_deals_and_sequences_outlive_the_process",
    "G-171": f"{CRM}::test_g_014_g_171_events_go_to_one_log_of_the_session",
    "G-172": f"{FLOW}::test_g_015_g_172_the_drafter_gets_the_facts_and_its_words_are_held",
    "G-173": f"{FLOW}::test_g_053_g_114_g_173_the_queue_holds_the_work_and_a_worker_does_it",
}  # fmt: skip
"""The test of each item that holds."""

REPLACED = dict.fromkeys(("G-111", "G-112", "G-113", "G-118", "G-164"), ROUTES)
"""What holds in another form than the first design had."""


def tests() -> Iterator[tuple[str, str, str]]:
    """Item, module and function of every test that is named."""
    for item, address in TESTS.items():
        module, _, function = address.partition("::")
        yield item, module, function
