//! The sentence for every refusal: what happened, and the next step.
//! Separate because the match is exhaustive: a refusal without words does not compile.

use domain::{Refusal, captions, document, video::Flaw, webpage};

use crate::{Lang, Sentence, act_name, field_name, network_name};

/// What a refusal says to a person. Moments are left to the page that shows them: only it knows the reader's zone.
pub fn refusal(lang: Lang, refusal: &Refusal) -> Sentence {
    let l = lang;
    match refusal {
        Refusal::SignedOut => Sentence::new(l.refusal_signed_out_what(), l.refusal_signed_out_next()),
        Refusal::NotAllowed { act } => {
            Sentence::new(l.refusal_not_allowed_what(act_name(l, *act)), l.refusal_not_allowed_next())
        }
        Refusal::OutOfReach => Sentence::new(l.refusal_out_of_reach_what(), l.refusal_out_of_reach_next()),
        Refusal::NotFound => Sentence::new(l.refusal_not_found_what(), l.refusal_not_found_next()),
        Refusal::ForeignRequest => Sentence::new(l.refusal_foreign_request_what(), l.refusal_foreign_request_next()),
        Refusal::TooMany { .. } => Sentence::new(l.refusal_too_many_what(), l.refusal_too_many_next()),
        Refusal::TooLarge { field, limit, length } => {
            Sentence::new(l.refusal_too_large_what(field_name(l, field), length, limit), l.refusal_too_large_next())
        }
        Refusal::Malformed { field } => {
            Sentence::new(l.refusal_malformed_what(field_name(l, field)), l.refusal_malformed_next())
        }
        Refusal::Doubled { field } => {
            Sentence::new(l.refusal_doubled_what(field_name(l, field)), l.refusal_doubled_next())
        }
        Refusal::BadLink => Sentence::new(l.refusal_bad_link_what(), l.refusal_bad_link_next()),
        Refusal::EventBackwards => Sentence::new(l.refusal_event_backwards_what(), l.refusal_event_backwards_next()),
        Refusal::NotAPicture => Sentence::new(l.refusal_not_a_picture_what(), l.refusal_not_a_picture_next()),
        Refusal::TooManyPixels { limit, pixels } => Sentence::new(
            l.refusal_too_many_pixels_what(limit / 1_000_000, pixels / 1_000_000),
            l.refusal_too_many_pixels_next(),
        ),
        Refusal::BadVideo { flaw } => Sentence::new(video_flaw(l, *flaw), l.refusal_bad_video_next()),
        Refusal::BadCaptions { fault } => Sentence::new(caption_fault(l, *fault), l.refusal_bad_captions_next()),
        Refusal::BadDocument { flaw } => document_flaw(l, *flaw),
        Refusal::DocumentTooLarge { limit, bytes } => Sentence::new(
            l.refusal_document_too_large_what(bytes.div_ceil(1_000_000), limit / 1_000_000),
            l.refusal_document_too_large_next(),
        ),
        Refusal::VideoTooLarge { limit, bytes } => Sentence::new(
            l.refusal_video_too_large_what(bytes.div_ceil(1_000_000), limit / 1_000_000),
            l.refusal_video_too_large_next(),
        ),
        Refusal::StoreFull { limit, kept } => Sentence::new(
            l.refusal_store_full_what(kept.div_ceil(1_000_000), limit / 1_000_000),
            l.refusal_store_full_next(),
        ),
        Refusal::ForbiddenAddress => {
            Sentence::new(l.refusal_forbidden_address_what(), l.refusal_forbidden_address_next())
        }
        Refusal::BadPage { flaw } => page_flaw(l, *flaw),
        Refusal::Stale { .. } => Sentence::new(l.refusal_stale_what(), l.refusal_stale_next()),
        Refusal::Empty => Sentence::new(l.refusal_empty_what(), l.refusal_empty_next()),
        Refusal::Blocked => Sentence::new(l.refusal_blocked_what(), l.refusal_blocked_next()),
        Refusal::WrongStage => Sentence::new(l.refusal_wrong_stage_what(), l.refusal_wrong_stage_next()),
        Refusal::NotApproved => Sentence::new(l.refusal_not_approved_what(), l.refusal_not_approved_next()),
        Refusal::ApprovalVoid => Sentence::new(l.refusal_approval_void_what(), l.refusal_approval_void_next()),
        Refusal::OwnPost => Sentence::new(l.refusal_own_post_what(), l.refusal_own_post_next()),
        Refusal::AlreadyDecided => Sentence::new(l.refusal_already_decided_what(), l.refusal_already_decided_next()),
        Refusal::OtherContent => Sentence::new(l.refusal_other_content_what(), l.refusal_other_content_next()),
        Refusal::ReasonWanted => Sentence::new(l.refusal_reason_wanted_what(), l.refusal_reason_wanted_next()),
        Refusal::NotWaivable => Sentence::new(l.refusal_not_waivable_what(), l.refusal_not_waivable_next()),
        Refusal::Archived => Sentence::new(l.refusal_archived_what(), l.refusal_archived_next()),
        Refusal::Unticked { items } => {
            Sentence::new(l.refusal_unticked_what(items.len(), items.join("», «")), l.refusal_unticked_next())
        }
        Refusal::OtherChecklist { .. } => {
            Sentence::new(l.refusal_other_checklist_what(), l.refusal_other_checklist_next())
        }
        Refusal::StepClosed => Sentence::new(l.refusal_step_closed_what(), l.refusal_step_closed_next()),
        Refusal::NotYourTurn => Sentence::new(l.refusal_not_your_turn_what(), l.refusal_not_your_turn_next()),
        Refusal::CodeForbidden => Sentence::new(l.refusal_code_forbidden_what(), l.refusal_code_forbidden_next()),
        Refusal::WrongCode { left } => Sentence::new(l.refusal_wrong_code_what(*left), l.refusal_wrong_code_next()),
        Refusal::TwoHats => Sentence::new(l.refusal_two_hats_what(), l.refusal_two_hats_next()),
        Refusal::NoDelegation => Sentence::new(l.refusal_no_delegation_what(), l.refusal_no_delegation_next()),
        Refusal::GuardianWanted => Sentence::new(l.refusal_guardian_wanted_what(), l.refusal_guardian_wanted_next()),
        Refusal::LongConsent => Sentence::new(l.refusal_long_consent_what(), l.refusal_long_consent_next()),
        Refusal::AssetInUse { names, more } => {
            let names = names.join("», «");
            let what = match more {
                true => l.refusal_asset_in_use_more(names),
                false => l.refusal_asset_in_use_what(names),
            };
            Sentence::new(what, l.refusal_asset_in_use_next())
        }
        Refusal::AssetIsCrest => Sentence::new(l.refusal_asset_is_crest_what(), l.refusal_asset_is_crest_next()),
        Refusal::AssetInKit => Sentence::new(l.refusal_asset_in_kit_what(), l.refusal_asset_in_kit_next()),
        Refusal::AssetReplaced { .. } => {
            Sentence::new(l.refusal_asset_replaced_what(), l.refusal_asset_replaced_next())
        }
        Refusal::AssetElsewhere => Sentence::new(l.refusal_asset_elsewhere_what(), l.refusal_asset_elsewhere_next()),
        Refusal::OtherKind => Sentence::new(l.refusal_other_kind_what(), l.refusal_other_kind_next()),
        Refusal::BadColour => Sentence::new(l.refusal_bad_colour_what(), l.refusal_bad_colour_next()),
        Refusal::FrameWithoutRoom => {
            Sentence::new(l.refusal_frame_without_room_what(), l.refusal_frame_without_room_next())
        }
        Refusal::ConsentsGuarded => Sentence::new(l.refusal_consents_guarded_what(), l.refusal_consents_guarded_next()),
        Refusal::DutiesApart => Sentence::new(l.refusal_duties_apart_what(), l.refusal_duties_apart_next()),
        Refusal::DayHeld => Sentence::new(l.refusal_day_held_what(), l.refusal_day_held_next()),
        Refusal::OutsideEnvelope => Sentence::new(l.refusal_outside_envelope_what(), l.refusal_outside_envelope_next()),
        Refusal::FlawedCircuit => Sentence::new(l.refusal_flawed_circuit_what(), l.refusal_flawed_circuit_next()),
        Refusal::SecondPersonWanted => {
            Sentence::new(l.refusal_second_person_wanted_what(), l.refusal_second_person_wanted_next())
        }
        Refusal::NoProtocol => Sentence::new(l.refusal_no_protocol_what(), l.refusal_no_protocol_next()),
        Refusal::FlawedProtocol => Sentence::new(l.refusal_flawed_protocol_what(), l.refusal_flawed_protocol_next()),
        Refusal::DelegationInThePast => {
            Sentence::new(l.refusal_delegation_in_the_past_what(), l.refusal_delegation_in_the_past_next())
        }
        Refusal::TermBackwards => Sentence::new(l.refusal_term_backwards_what(), l.refusal_term_backwards_next()),
        Refusal::OwnSubstitute => Sentence::new(l.refusal_own_substitute_what(), l.refusal_own_substitute_next()),
        Refusal::NotYours => Sentence::new(l.refusal_not_yours_what(), l.refusal_not_yours_next()),
        Refusal::CommentElsewhere => {
            Sentence::new(l.refusal_comment_elsewhere_what(), l.refusal_comment_elsewhere_next())
        }
        Refusal::TaskElsewhere => Sentence::new(l.refusal_task_elsewhere_what(), l.refusal_task_elsewhere_next()),
        Refusal::TaskOfAnother => Sentence::new(l.refusal_task_of_another_what(), l.refusal_task_of_another_next()),
        Refusal::DelegationOverlaps { reference } => {
            Sentence::new(l.refusal_delegation_overlaps_what(reference), l.refusal_delegation_overlaps_next())
        }
        Refusal::SignatureWanted => Sentence::new(l.refusal_signature_wanted_what(), l.refusal_signature_wanted_next()),
        Refusal::ClockOff { by } => {
            Sentence::new(l.refusal_clock_off_what(by.0.unsigned_abs() / 60_000), l.refusal_clock_off_next())
        }
        Refusal::InThePast => Sentence::new(l.refusal_in_the_past_what(), l.refusal_in_the_past_next()),
        Refusal::TooFar => Sentence::new(l.refusal_too_far_what(), l.refusal_too_far_next()),
        Refusal::InAGap { .. } => Sentence::new(l.refusal_in_a_gap_what(), l.refusal_in_a_gap_next()),
        Refusal::InAFold { .. } => Sentence::new(l.refusal_in_a_fold_what(), l.refusal_in_a_fold_next()),
        Refusal::UnknownZone => Sentence::new(l.refusal_unknown_zone_what(), l.refusal_unknown_zone_next()),
        Refusal::Paused => Sentence::new(l.refusal_paused_what(), l.refusal_paused_next()),
        Refusal::WrongState => Sentence::new(l.refusal_wrong_state_what(), l.refusal_wrong_state_next()),
        Refusal::NoCustodian => Sentence::new(l.refusal_no_custodian_what(), l.refusal_no_custodian_next()),
        Refusal::CustodyElsewhere => {
            Sentence::new(l.refusal_custody_elsewhere_what(), l.refusal_custody_elsewhere_next())
        }
        Refusal::ChannelUnfit => Sentence::new(l.refusal_channel_unfit_what(), l.refusal_channel_unfit_next()),
        Refusal::NotThere => Sentence::new(l.refusal_not_there_what(), l.refusal_not_there_next()),
        Refusal::OtherKit => Sentence::new(l.refusal_other_kit_what(), l.refusal_other_kit_next()),
        Refusal::OtherParts => Sentence::new(l.refusal_other_parts_what(), l.refusal_other_parts_next()),
        Refusal::OtherReplies => Sentence::new(l.refusal_other_replies_what(), l.refusal_other_replies_next()),
        Refusal::OtherSites => Sentence::new(l.refusal_other_sites_what(), l.refusal_other_sites_next()),
        Refusal::OtherPoll => Sentence::new(l.refusal_other_poll_what(), l.refusal_other_poll_next()),
        Refusal::OtherComment => Sentence::new(l.refusal_other_comment_what(), l.refusal_other_comment_next()),
        Refusal::ForeignLink => Sentence::new(l.refusal_foreign_link_what(), l.refusal_foreign_link_next()),
        Refusal::SpentLink => Sentence::new(l.refusal_spent_link_what(), l.refusal_spent_link_next()),
        Refusal::BadPasskey => Sentence::new(l.refusal_bad_passkey_what(), l.refusal_bad_passkey_next()),
        Refusal::LastAdministrator => {
            Sentence::new(l.refusal_last_administrator_what(), l.refusal_last_administrator_next())
        }
        Refusal::LastPasskey => Sentence::new(l.refusal_last_passkey_what(), l.refusal_last_passkey_next()),
        Refusal::OwnRecovery => Sentence::new(l.refusal_own_recovery_what(), l.refusal_own_recovery_next()),
        Refusal::TooEarly { .. } => Sentence::new(l.refusal_too_early_what(), l.refusal_too_early_next()),
        Refusal::SetUpAlready => Sentence::new(l.refusal_set_up_already_what(), l.refusal_set_up_already_next()),
        Refusal::CannotSilence => Sentence::new(l.refusal_cannot_silence_what(), l.refusal_cannot_silence_next()),
        Refusal::OtherServer { network } => {
            let network = network_name(lang, *network);
            Sentence::new(l.refusal_other_server_what(network), l.refusal_other_server_next())
        }
        Refusal::OtherAccount => Sentence::new(l.refusal_other_account_what(), l.refusal_other_account_next()),
        Refusal::NameUnconfirmed => Sentence::new(l.refusal_name_unconfirmed_what(), l.refusal_name_unconfirmed_next()),
        Refusal::OtherIssuer => Sentence::new(l.refusal_other_issuer_what(), l.refusal_other_issuer_next()),
        Refusal::NoSignIn => Sentence::new(l.refusal_no_sign_in_what(), l.refusal_no_sign_in_next()),
        Refusal::LacksRights { network } => {
            let network = network_name(lang, *network);
            Sentence::new(l.refusal_lacks_rights_what(network), l.refusal_lacks_rights_next())
        }
        Refusal::MissingPermissions => {
            Sentence::new(l.refusal_missing_permissions_what(), l.refusal_missing_permissions_next())
        }
        Refusal::NoPages => Sentence::new(l.refusal_no_pages_what(), l.refusal_no_pages_next()),
        Refusal::NoAccounts => Sentence::new(l.refusal_no_accounts_what(), l.refusal_no_accounts_next()),
        Refusal::NoChallenge => Sentence::new(l.refusal_no_challenge_what(), l.refusal_no_challenge_next()),
        Refusal::TakesAnything => Sentence::new(l.refusal_takes_anything_what(), l.refusal_takes_anything_next()),
        Refusal::NetworkSays { message } => {
            Sentence::new(l.refusal_network_says_what(message), l.refusal_network_says_next())
        }
        Refusal::UnknownBlank { blank } => {
            Sentence::new(l.refusal_unknown_blank_what(braced(blank)), l.refusal_unknown_blank_next())
        }
        Refusal::UnusedBlank { blank } => {
            Sentence::new(l.refusal_unused_blank_what(braced(blank)), l.refusal_unused_blank_next())
        }
        Refusal::BlankWanted { blank } => {
            Sentence::new(l.refusal_blank_wanted_what(braced(blank)), l.refusal_blank_wanted_next())
        }
        Refusal::BadBlank { blank } => {
            Sentence::new(l.refusal_bad_blank_what(braced(blank)), l.refusal_bad_blank_next())
        }
        Refusal::Expired => Sentence::new(l.refusal_expired_what(), l.refusal_expired_next()),
        Refusal::NotEmpty => Sentence::new(l.refusal_not_empty_what(), l.refusal_not_empty_next()),
        Refusal::Arriving => Sentence::new(l.refusal_arriving_what(), l.refusal_arriving_next()),
        Refusal::HereAlready => Sentence::new(l.refusal_here_already_what(), l.refusal_here_already_next()),
        Refusal::CopyIncomplete { table } => {
            Sentence::new(l.refusal_copy_incomplete_what(table), l.refusal_copy_incomplete_next())
        }
        Refusal::OwnText => Sentence::new(l.refusal_own_text_what(), l.refusal_own_text_next()),
        Refusal::Unavailable => Sentence::new(l.refusal_unavailable_what(), l.refusal_unavailable_next()),
    }
}

/// What is wrong with a file of captions, and in which line.
pub fn caption_fault(l: Lang, fault: captions::Fault) -> String {
    let why = match fault.flaw {
        captions::Flaw::TooLarge => return l.refusal_bad_captions_too_large(captions::MOST_BYTES / 1_000),
        captions::Flaw::Empty => return l.refusal_bad_captions_empty().to_owned(),
        captions::Flaw::TooMany => return l.refusal_bad_captions_too_many(captions::MOST_CUES),
        captions::Flaw::NotUtf8 => l.refusal_bad_captions_not_utf8(),
        captions::Flaw::NoTime => l.refusal_bad_captions_no_time(),
        captions::Flaw::BadTime => l.refusal_bad_captions_bad_time(),
        captions::Flaw::Backwards => l.refusal_bad_captions_backwards(),
        captions::Flaw::Disordered => l.refusal_bad_captions_disordered(),
        captions::Flaw::Late => l.refusal_bad_captions_late(),
        captions::Flaw::TooLong => l.refusal_bad_captions_too_long(),
    };
    l.refusal_bad_captions_line(fault.line, why)
}

/// A blank as it stands in the text.
fn braced(blank: &str) -> String {
    ["{", blank, "}"].concat()
}

/// What is wrong with a document, and what helps.
fn document_flaw(l: Lang, flaw: document::Flaw) -> Sentence {
    use document::Flaw;
    let (what, next) = match flaw {
        Flaw::Empty => (l.refusal_bad_document_empty(), l.refusal_bad_document_next()),
        Flaw::NotAPdf => (l.refusal_bad_document_not_a_pdf(), l.refusal_bad_document_next()),
        Flaw::Broken => (l.refusal_bad_document_broken(), l.refusal_bad_document_next()),
        Flaw::Unread => (l.refusal_bad_document_unread(), l.refusal_bad_document_next()),
        Flaw::Encrypted => (l.refusal_bad_document_encrypted(), l.refusal_bad_document_encrypted_next()),
        Flaw::Script => (l.refusal_bad_document_script(), l.refusal_bad_document_script_next()),
        Flaw::Launch => (l.refusal_bad_document_launch(), l.refusal_bad_document_script_next()),
    };
    Sentence::new(what, next)
}

/// Why a page could not be read, and what one can do instead.
fn page_flaw(l: Lang, flaw: webpage::Flaw) -> Sentence {
    use webpage::Flaw;
    let what = match flaw {
        Flaw::Unreached => l.refusal_bad_page_unreached(),
        Flaw::Missing => l.refusal_bad_page_missing(),
        Flaw::Says { status } => {
            return Sentence::new(l.refusal_bad_page_says(status), l.refusal_bad_page_next());
        }
        Flaw::TooLarge => l.refusal_bad_page_too_large(),
        Flaw::Document => l.refusal_bad_page_document(),
        Flaw::NotAPage => l.refusal_bad_page_not_a_page(),
        Flaw::Untitled => l.refusal_bad_page_untitled(),
    };
    Sentence::new(what, l.refusal_bad_page_next())
}

/// What is wrong with a video.
fn video_flaw(l: Lang, flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::NotAVideo => l.refusal_bad_video_not_a_video(),
        Flaw::Broken => l.refusal_bad_video_broken(),
        Flaw::Fragments => l.refusal_bad_video_fragments(),
        Flaw::Pictures => l.refusal_bad_video_pictures(),
        Flaw::Codec => l.refusal_bad_video_codec(),
        Flaw::Sound => l.refusal_bad_video_sound(),
        Flaw::Telling => l.refusal_bad_video_telling(),
        Flaw::Data => l.refusal_bad_video_data(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_refusal_are_in_its_sentence() {
        let too_large = Refusal::TooLarge { field: "text".to_owned(), limit: 300, length: 312 };
        let sentence = refusal(Lang::Es, &too_large);
        assert!(sentence.what.contains("312") && sentence.what.contains("300"), "{sentence}");
    }
}
