"""For each guard of plugin/overlay, by the file that has it, the test that fails without it."""

MISSED_BY = {
    # address-cooldown.c
    "former-address": "test_delete_and_add_again.py::test_a_new_entry_is_not_reached_at_a_new_address[rootdn-again]",
    # administration.c
    "block-needs-rootdn": "test_ways_that_are_rarely_tried.py::test_without_a_rootdn_nobody_is_blocked",
    "resend-address-form":
        "test_administration.py::"
        "test_not_to_every_address[a@example.net, b@example.net-INVALID_SYNTAX]",
    "resend-address-inside": "test_administration.py::test_not_to_every_address[kim@example.org-UNWILLING_TO_PERFORM]",
    "resend-elsewhere": "test_ways_that_are_rarely_tried.py::test_a_code_is_sent_to_no_other_address",
    "resend-erased": "test_ways_that_are_rarely_tried.py::test_a_message_that_was_sent_and_erased_is_not_sent_again",
    # authority.c
    "actor-blocked": "test_administration.py::test_a_blocked_administrator_does_nothing",
    "actor-must-change": "test_every_way_in.py::test_who_must_change_their_password_resets_nobody",
    "nobody-told-to-administrators": "test_reset.py::test_who_is_nobody_is_told_to_administrators_alone[nobody]",
    "standing-of-target":
        "test_verdicts.py::"
        "test_no_role_gets_past_a_standing[uid=padmin,ou=managed,dc=example,dc=org-excluded]",
    # bounce-rules.c
    "bounce-early": "test_bounces_count_once.py::test_only_of_the_attempt_that_was_sent[unsettled]",
    "bounce-of-this-attempt": "test_bounces_count_once.py::test_only_of_the_attempt_that_was_sent[sent-again]",
    "bounce-of-what-was-sent": "test_bounces_count_once.py::test_only_of_the_attempt_that_was_sent[put-off]",
    # check.c
    "require-authc":
        "test_ways_that_are_rarely_tried.py::"
        "test_who_has_to_sign_in_first_recovers_nothing[RecoveryRequest]",
    "restrictions":
        "test_ways_that_are_rarely_tried.py::"
        "test_a_database_that_is_read_only_takes_no_wish[RecoveryRequest]",
    "shadow": "test_provider_and_consumer.py::test_strangers_get_one_referral_whoever_they_ask_for[RecoveryRequest]",
    "signed-in": "test_recovery_methods.py::test_only_signed_in_users_enrol_and_for_themselves_only[AddressAdd]",
    "unprotected-connection": "test_protected_connections_only.py::test_no_code_in_the_clear[RecoveryRequest]",
    # client.c
    "one-session": "test_portal.py::test_of_two_addresses_neither_counts",
    "session-of-portals-only": "test_portal.py::test_nobody_else_is_believed[nobody]",
    # coverage.c
    "covered-scopes": "test_several_databases.py::test_the_overlay_is_not_added_where_the_rules_would_not_hold",
    # enrol-address.c
    "address-proof": "test_recovery_methods.py::test_a_recovery_code_proves_no_address",
    "enrolled-address-counts": "test_ways_that_are_rarely_tried.py::test_a_policy_that_takes_no_addresses_from_users",
    "enrolled-address-form": "test_recovery_methods.py::test_addresses_that_are_none[no address-INVALID_SYNTAX]",
    "enrolled-address-inside":
        "test_recovery_methods.py::"
        "test_addresses_that_are_none[kim@example.org-UNWILLING_TO_PERFORM]",
    "enrolled-address-known":
        "test_recovery_methods.py::"
        "test_addresses_that_are_none[kim@example.net-TYPE_OR_VALUE_EXISTS]",
    "proofs-an-hour": "test_recovery_methods.py::test_nobody_floods_a_stranger_with_proofs",
    # enrol-totp.c
    "totp-waits-no-longer": "test_ways_that_are_rarely_tried.py::test_a_secret_that_waited_too_long_is_none[901-49]",
    # enrol.c
    "enrol-closed": "test_ways_that_are_rarely_tried.py::test_who_is_blocked_meanwhile_enrols_nothing",
    "enrol-for-another": "test_recovery_methods.py::test_nobody_enrols_in_anothers_name[AddressAdd]",
    "enrol-method":
        "test_recovery_methods.py::"
        "test_a_method_that_the_policy_does_not_name_is_neither_enrolled_nor_accepted",
    "enrol-must-change": "test_recovery_methods.py::test_a_temporary_password_enrols_nothing[AddressAdd]",
    "throttle-enrolment": "test_throttling.py::test_a_users_own_guesses_are_limited_by_user",
    # entry-mask.c
    "ppolicy-elsewhere-for-a-way-back":
        "test_ppolicy_variants.py::"
        "test_policies_in_another_database_hold_and_stop_no_way_back[default-without]",
    "ppolicy-for-a-way-back":
        "test_recovery.py::"
        "test_rules_for_who_knows_the_password_do_not_stop_a_recovery[pwdMinAge-before-ppolicy-RecoveryComplete]",
    # contact-rules.c
    "contact-in-one-mail": "test_a_contact_hears_of_failures.py::test_an_outage_is_one_mail",
    # events.c
    "report-stays-for-a-day": "test_who_is_told.py::test_what_else_is_done_does_not_push_a_report_out_of_the_trail",
    # expiry-notice.c
    "expiry-of-another-password":
        "test_passwords_about_to_expire.py::test_a_notice_of_what_is_not_so_any_more_is_void[change]",
    "expiry-of-closed": "test_passwords_about_to_expire.py::test_who_is_told",
    "expiry-told-once": "test_passwords_about_to_expire.py::test_each_day_is_told_of_once",
    # former-check.c
    "former-name": "test_delete_and_add_again.py::test_who_may_not_reset_adds_nobody_again[deleted]",
    # group-closure.c
    "group-without-overlay":
        "test_several_databases.py::test_a_group_in_a_database_without_the_overlay_gives_no_role",
    "groups-of-an-earlier-view":
        "test_rules_follow_changes.py::"
        "test_a_search_that_began_before_a_change_brings_no_old_group_back",
    "groups-of-a-transaction":
        "test_rules_follow_changes.py::test_a_transaction_is_judged_by_what_it_has_changed[group]",
    # group-concern.c
    "name-of-a-service": "test_what_would_undo_a_rule.py::test_nobody_becomes_a_service[olcLatchkeyReader-password]",
    "name-of-the-rootdn":
        "test_what_would_undo_a_rule.py::test_nobody_becomes_the_rootdn[uid=lee,ou=managed,dc=example,dc=org-added]",
    "role-of-what-is-below":
        "test_what_would_undo_a_rule.py::test_nobody_takes_the_name_of_a_member_by_a_rename_above[member]",
    # guard-hidden.c
    "alias-to-hidden":
        "test_nobody_hears_of_codes.py::"
        "test_nobody_hears_that_a_code_was_asked_for[everybody manages-lee-attempts]",
    "blind-searches":
        "test_nobody_hears_of_codes.py::"
        "test_nobody_hears_that_a_code_was_asked_for[everybody manages-nobody-searches]",
    "hidden-from-bind":
        "test_nobody_hears_of_codes.py::"
        "test_nobody_hears_that_a_code_was_asked_for[everybody manages-nobody-attempts]",
    "hidden-from-compare":
        "test_nobody_hears_of_codes.py::"
        "test_nobody_hears_that_a_code_was_asked_for[everybody manages-nobody-attempts]",
    "hidden-from-search":
        "test_nobody_hears_of_codes.py::"
        "test_nobody_hears_that_a_code_was_asked_for[everybody manages-nobody-searches]",
    "listener-signs-in": "test_ways_that_are_rarely_tried.py::test_a_stranger_does_not_follow_the_writes",
    "strangers-ask-no-index": "test_lists_are_indexed.py::test_for_who_has_no_role_no_index_is_asked",
    "renamed-to-hidden":
        "test_only_latchkey_writes_its_state.py::"
        "test_the_place_of_codes_is_left_alone[cn=admin,dc=example,dc=org-entry moved into the container]",
    # guard-read.c
    "count-of-writes": "test_ways_that_are_rarely_tried.py::test_strangers_do_not_read_how_many_writes_there_were",
    "state-of-hidden":
        "test_nobody_hears_of_codes.py::"
        "test_nobody_hears_that_a_code_was_asked_for[everybody manages-gadmin-searches]",
    "secrets": "test_recovery_methods.py::test_the_stored_values_are_nobodys_to_read",
    # guard-undo-moves.c
    "entry-moved":
        "test_what_would_undo_a_rule.py::"
        "test_nobody_leaves_a_self_service_subtree[move0-uid=han,ou=self,dc=example,dc=org]",
    "policies-moved-in": "test_ways_that_are_rarely_tried.py::test_nobody_prepares_a_policy_elsewhere_and_moves_it_in",
    "scope-awaits":
        "test_what_would_undo_a_rule.py::test_nobody_is_moved_by_a_rename_above_to_where_a_scope_waits",
    "scope-by-name": "test_what_would_undo_a_rule.py::test_no_policy_is_given_a_scope_by_its_name[alone]",
    "scope-moved": "test_ways_that_are_rarely_tried.py::test_nobody_renames_what_stands_above_a_scope",
    # guard-undo-policies.c
    "covered-scope": "test_several_databases.py::test_no_policy_is_given_a_database_without_the_overlay",
    "policy-by-class": "test_what_would_undo_a_rule.py::test_no_policy_awakes",
    "policy-itself":
        "test_what_would_undo_a_rule.py::"
        "test_only_global_administrators_change_what_decides[uid=padmin,ou=managed,dc=example,dc=org-mode]",
    "scope-of-another":
        "test_what_would_undo_a_rule.py::test_only_global_administrators_change_what_decides"
        "[uid=padmin,ou=managed,dc=example,dc=org-nearer policy added]",
    # guard-undo.c
    "password-of-the-rootdn":
        "test_what_would_undo_a_rule.py::test_nobody_becomes_the_rootdn[uid=lee,ou=managed,dc=example,dc=org-password]",
    "role-groups":
        "test_what_would_undo_a_rule.py::"
        "test_only_global_administrators_change_what_decides[uid=padmin,ou=managed,dc=example,dc=org-role group]",
    # guard-write.c
    "blocked-password-write":
        "test_administration.py::"
        "test_a_block_closes_every_way_in[uid=kim,ou=managed,dc=example,dc=org]",
    "codes-go-with-user": "test_recovery_codes.py::test_nothing_is_left_of_a_code_that_is_over[user deleted]",
    "groups-read-anew":
        "test_rules_follow_changes.py::test_each_change_of_a_group_counts_at_once",
    "hidden-from-add": "test_only_latchkey_writes_its_state.py::test_nobody_prepares_the_place_of_codes[added]",
    "hidden-from-delete":
        "test_only_latchkey_writes_its_state.py::"
        "test_the_place_of_codes_is_left_alone[cn=admin,dc=example,dc=org-recovery entry deleted]",
    "hidden-from-modify":
        "test_nobody_hears_of_codes.py::"
        "test_nobody_hears_that_a_code_was_asked_for[everybody manages-lee-attempts]",
    "hidden-from-modrdn": "test_only_latchkey_writes_its_state.py::test_the_place_of_codes_is_left_alone",
    "password-in-add":
        "test_every_way_in.py::"
        "test_self_service_accounts_are_added_without_a_password[cn=admin,dc=example,dc=org]",
    "password-in-modify":
        "test_enforced_in_the_directory.py::"
        "test_self_service_only_is_for_everybody[user-before-ppolicy]",
    "password-in-modrdn":
        "test_every_way_in.py::"
        "test_a_rename_carries_no_password[cn=admin,dc=example,dc=org-userPassword=carried]",
    "plain-reset-by-code": "test_reset_by_code.py::test_no_administrator_gives_a_password[Modify, replace]",
    "policies-read-anew": "test_rules_follow_changes.py::test_each_change_of_a_policy_counts_at_once",
    "rules-in-add":
        "test_what_would_undo_a_rule.py::test_only_global_administrators_change_what_decides"
        "[uid=padmin,ou=managed,dc=example,dc=org-nearer policy added]",
    "rules-in-delete":
        "test_what_would_undo_a_rule.py::"
        "test_only_global_administrators_change_what_decides[uid=padmin,ou=managed,dc=example,dc=org-deleted]",
    "rules-in-modify":
        "test_what_would_undo_a_rule.py::"
        "test_only_global_administrators_change_what_decides[uid=padmin,ou=managed,dc=example,dc=org-mode]",
    "rules-in-modrdn":
        "test_what_would_undo_a_rule.py::"
        "test_nobody_leaves_a_self_service_subtree[move0-uid=han,ou=self,dc=example,dc=org]",
    "standing-of-writer": "test_every_way_in.py::test_who_must_change_their_password_resets_nobody",
    "state-in-add":
        "test_only_latchkey_writes_its_state.py::"
        "test_no_add_brings_state_along[ordinary-cn=admin,dc=example,dc=org]",
    "state-in-modify":
        "test_only_latchkey_writes_its_state.py::"
        "test_no_modify_writes_state[ordinary-cn=admin,dc=example,dc=org]",
    "state-in-modrdn":
        "test_only_latchkey_writes_its_state.py::"
        "test_no_rename_brings_state_along[latchkeySerial=7-cn=admin,dc=example,dc=org]",
    # identity.c
    "identity-of-another":
        "test_delete_and_add_again.py::"
        "test_nobody_is_given_the_identity_of_another[_chosen_in_a_modify-deleted-lower]",
    # instance.c
    "closed-with-its-database":
        "test_the_overlay_comes_and_goes.py::test_it_is_disabled_with_its_database_and_enabled_without",
    "commit-counts": "test_rules_follow_changes.py::test_what_is_committed_is_the_rule[tries]",
    # key-file.c
    "key-file-private": "test_bad_configuration.py::test_a_bad_key_file_is_refused[of_the_group]",
    # last-address.c
    "addresses-go-in-turn": "test_one_address_is_kept.py::test_two_at_once_leave_one",
    "last-address": "test_one_address_is_kept.py::test_the_last_one_stays[the value]",
    "last-address-permissive":
        "test_one_address_is_kept.py::test_what_fails_but_to_the_permissive_does_not_cover_the_rest[True]",
    "no-permissive-turns":
        "test_one_address_is_kept.py::test_the_turns_of_two_are_taken_without_the_permissive_control",
    # listed.c
    "sealed-goes-with-password":
        "test_nothing_to_steal.py::test_a_sealed_text_goes_with_its_secret[the user changes it]",
    # misuse.c
    "report-once-a-day": "test_who_is_told.py::test_the_next_day_they_are_told_again[less]",
    # monitor.c
    "hide-counters": "test_monitor.py::test_who_is_not_signed_in_sees_no_number",
    # notification.c
    "mailer-of-this-database":
        "test_ways_that_are_rarely_tried.py::"
        "test_a_mailer_of_one_database_settles_nothing_in_another",
    "mailers-alone": "test_only_the_mailer_takes_and_settles.py::test_others_neither_take_nor_settle[uid=kim-]",
    "settled-once": "test_only_the_mailer_takes_and_settles.py::test_what_is_settled_past_its_lease_counts_once",
    # notify-control.c
    "control-twice": "test_bad_input.py::test_the_control[twice]",
    # numbers.c
    "numbers-lost-for-good":
        "test_codes_are_written_together.py::test_what_the_backend_has_not_stored_it_does_not_store_for_a_new_instance",
    # operational.c
    "computed-is-not-replicated": "test_provider_and_consumer.py::test_what_is_computed_is_not_stored_by_a_consumer",
    # pace.c
    "few-at-once": "test_throttling.py::test_many_clients_at_once_leave_slapd_its_threads",
    "few-of-a-client-at-once": "test_throttling.py::test_one_client_does_not_keep_the_others_out",
    # password-modify.c
    "critical-control": "test_enforced_in_the_directory.py::test_a_critical_control_that_nobody_heeds_is_refused",
    "old-password-of-another": "test_ways_that_are_rarely_tried.py::test_a_reset_takes_no_old_password",
    "oneself-by-name":
        "test_ways_that_are_rarely_tried.py::"
        "test_nobody_resets_their_own_password_by_another_name[uid=kim,ou=managed,dc=example,dc=org]",
    "own-change-notifies-nobody": "test_bad_input.py::test_the_control_is_heeded_or_refused[oneself]",
    "own-password-unprotected":
        "test_protected_connections_only.py::"
        "test_ones_own_password_neither[uid=kim,ou=managed,dc=example,dc=org]",
    # password-write.c
    "clean-in-a-mail":
        "test_ways_that_are_rarely_tried.py::"
        "test_a_password_that_no_mail_can_carry_is_not_set[Two-lines-\\n-of-it-9]",
    "never-clear-text": "test_ways_that_are_rarely_tried.py::test_what_is_drawn_is_never_stored_in_the_clear",
    "serial-raised": "test_one_code_one_recovery.py::test_of_several_codes_of_one_user_one_is_used[new]",
    # policy.c
    "stricter-of-two":
        "test_rules_follow_changes.py::"
        "test_of_two_policies_for_one_scope_the_stricter_counts[selfServiceOnly-53]",
    # proof-rules.c
    "administrators-need-two":
        "test_recovery_methods.py::"
        "test_administrators_need_two_where_they_have_two[uid=padmin,ou=managed,dc=example,dc=org]",
    "all-proofs-right": "test_recovery_methods.py::test_what_suffices_alone_does_not_beside_what_is_wrong",
    "enough-proofs": "test_recovery_methods.py::test_nothing_less_and_nothing_wrong_opens_it",
    "method-allowed": "test_recovery_methods.py::test_codes_that_were_printed_before_the_policy_changed_count_no_more",
    "method-offered-twice": "test_recovery_methods.py::test_nothing_less_and_nothing_wrong_opens_it",
    # proofs.c
    "closed-recovers-nothing": "test_nothing_to_learn.py::test_a_right_code_shows_nothing_of_a_closed_account[end]",
    "code-expired": "test_recovery_codes.py::test_a_code_is_good_for_its_lifetime[by_own_operation--1-49]",
    "code-of-an-earlier-password": "test_recovery_codes.py::test_a_code_is_void_once_it_should_be",
    "code-of-an-earlier-serial":
        "test_one_code_one_recovery.py::"
        "test_of_several_codes_of_one_user_one_is_used[keeping]",
    "code-spent": "test_recovery_methods.py::test_a_spent_code_is_spent_where_it_would_suffice_alone[0]",
    "code-unbound": "test_recovery_codes.py::test_a_code_is_void_once_it_should_be",
    "printed-code-goes": "test_recovery_methods.py::test_ten_codes_are_shown_once_and_each_works_once",
    "printed-code-used": "test_recovery_methods.py::test_ten_codes_are_shown_once_and_each_works_once",
    "printed-code-spent": "test_recovery_methods.py::test_a_spent_code_is_spent_where_it_would_suffice_alone[2]",
    # recovery-complete.c
    "expired-is-not-kept": "test_recovery.py::test_an_expired_password_is_not_kept[by the default policy]",
    "nothing-to-keep": "test_reset_by_code.py::test_the_user_chooses_the_password[uid=padmin]",
    "pace": "test_nothing_to_learn.py::test_a_wrong_proof_is_answered_at_the_pace[0]",
    "throttle-proofs":
        "test_throttling.py::"
        "test_beyond_the_limit_a_right_code_is_answered_like_a_wrong_one[RecoveryComplete]",
    # recovery-queue.c
    "throttle-requests": "test_throttling.py::test_a_stranger_uses_up_nobody_elses",
    # recovery-request.c
    "closed-gets-no-code": "test_who_gets_a_code.py::test_what_is_closed_stays_closed[locked for good]",
    "code-by-mail": "test_who_gets_a_code.py::test_a_policy_without_mail_sends_no_code",
    "live-codes": "test_nobody_locked_out.py::test_there_are_three_codes_at_most",
    # reset.c
    "address-to-notify":
        "test_reset_tells_its_user.py::"
        "test_what_reaches_nobody_is_refused_before_the_password_changes[typed]",
    "concealed": "test_reset_tells_its_user.py::test_a_concealed_password_reaches_the_user_alone[drawn]",
    "notified-address-form": "test_bad_input.py::test_no_temporary_password_goes_to_what_is_no_address[0]",
    "notified-address-inside":
        "test_reset_tells_its_user.py::"
        "test_what_reaches_nobody_is_refused_before_the_password_changes[typed]",
    "reason-required": "test_reset_tells_its_user.py::test_a_required_reason_is_asked_for_first",
    "reset-by-code": "test_reset_by_code.py::test_no_administrator_gives_a_password[Password Modify, typed]",
    "reset-by-code-unseen": "test_reset_by_code.py::test_an_old_client_is_told_no_password",
    # rules.c
    "global-administrator-needed":
        "test_what_would_undo_a_rule.py::"
        "test_only_global_administrators_change_what_decides[uid=padmin,ou=managed,dc=example,dc=org-mode]",
    "not-oneself": "test_administration.py::test_others_neither_unlock_nor_block",
    "outranked":
        "test_enforced_in_the_directory.py::"
        "test_admin_reset_by_the_table[uid=padmin,ou=managed,dc=example,dc=org-global-administrator]",
    "role-needed":
        "test_enforced_in_the_directory.py::"
        "test_admin_reset_by_the_table[uid=auditor,ou=managed,dc=example,dc=org-user]",
    "self-service-only":
        "test_enforced_in_the_directory.py::"
        "test_self_service_only_is_for_everybody[user-before-ppolicy]",
    "self-service-only-add":
        "test_every_way_in.py::"
        "test_self_service_accounts_are_added_without_a_password[cn=admin,dc=example,dc=org]",
    "self-service-only-move":
        "test_what_would_undo_a_rule.py::"
        "test_nobody_leaves_a_self_service_subtree[move0-uid=han,ou=self,dc=example,dc=org]",
    "self-service-only-unlock":
        "test_administration.py::"
        "test_unlocking_is_regaining_access[uid=sadmin,ou=self,dc=example,dc=org]",
    # schema.c
    "credentials-named-since":
        "test_what_would_undo_a_rule.py::"
        "test_credentials_of_a_sites_own_schema_count_as_soon_as_slapd_knows_them[False]",
    "subtypes-of-credentials":
        "test_what_would_undo_a_rule.py::"
        "test_credentials_of_a_sites_own_schema_count_as_soon_as_slapd_knows_them[False]",
    # snapshot.c
    "configuration-goes-first": "test_rules_follow_changes.py::test_the_configuration_goes_before_any_policy",
    "exclude-is-no-filter": "test_verdicts.py::test_a_filter_that_is_none_excludes_everybody",
    "policies-of-a-transaction":
        "test_rules_follow_changes.py::test_a_transaction_is_judged_by_what_it_has_changed[policy]",
    "policies-of-an-earlier-view":
        "test_rules_follow_changes.py::"
        "test_a_search_that_began_before_a_change_brings_no_old_policy_back",
    # target.c
    "address-cooldown": "test_addresses_cool_down.py::test_what_somebody_else_gave_has_yet_to_count[rootdn-replaced]",
    "address-form": "test_bad_input.py::test_no_code_goes_to_what_is_no_address",
    "address-inside": "test_who_gets_a_code.py::test_a_code_goes_outside_or_nowhere",
    "after-end": "test_who_gets_a_code.py::test_what_is_closed_stays_closed[ended]",
    "before-start": "test_who_gets_a_code.py::test_what_is_closed_stays_closed[not begun]",
    "blocked": "test_verdicts.py::test_no_role_gets_past_a_standing[uid=padmin,ou=managed,dc=example,dc=org-blocked]",
    "closed-by-standing": "test_verdicts.py::test_nor_does_a_recovery[excluded]",
    "excluded": "test_verdicts.py::test_no_role_gets_past_a_standing[uid=padmin,ou=managed,dc=example,dc=org-excluded]",
    "inside-domain": "test_who_gets_a_code.py::test_a_code_goes_outside_or_nowhere",
    "locked-for-good": "test_who_gets_a_code.py::test_what_is_closed_stays_closed[locked for good]",
    "name-of-another-policy":
        "test_ways_that_are_rarely_tried.py::"
        "test_a_policy_further_up_does_not_say_by_what_its_neighbours_users_sign_in",
    "one-of-a-name": "test_who_gets_a_code.py::test_two_of_one_name_are_told_apart_by_dn",
    "password-elsewhere":
        "test_verdicts.py::"
        "test_no_role_gets_past_a_standing[uid=padmin,ou=managed,dc=example,dc=org-password-elsewhere]",
    "recovery-entry-is-nobody": "test_ways_that_are_rarely_tried.py::test_a_recovery_entry_has_no_password_to_reset",
    # temporary-scheme.c
    "temporary-password-lapses": "test_reset.py::test_then_it_stops_working",
    # verdict.c
    "no-verdict-for-strangers": "test_verdicts.py::test_it_says_what_would_come",
    # waiting.c
    "empty-when-scanned":
        "test_nothing_lost_nothing_twice.py::test_what_has_to_be_looked_for_is_not_said_to_be_missing[rename]",
    # welcome.c
    "welcome-by-mail": "test_welcome.py::test_what_the_policy_does_not_allow",
    "welcome-of-a-former-name": "test_welcome.py::test_an_account_loses_no_proof_by_being_deleted_and_added_again",
    "welcome-needs-role": "test_welcome.py::test_nothing_is_added_without_its_message[who has no role]",
    # writable.c
    "numbered-types":
        "test_codes_are_written_together.py::test_what_is_written_after_a_database_was_full_can_be_read[40]",
    "writable-database": "test_several_databases.py::test_a_database_that_takes_no_writes_takes_none_of_latchkeys",
}
