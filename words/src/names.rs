//! The names of what the rules know: roles, stages, states, kinds, networks, rules. One exhaustive match each, so that a
//! new variant without words does not compile.
//! Separate from the sentences: a name stands on a chip or in a list, a sentence says what to do.

use std::borrow::Cow;

use domain::{
    Act, BodyKind, Campaign, Channel, Guise, HealthState, Kind, Language, Network, PictureType, Pillar, Poster,
    Replies, Role, Showing, StageName,
    custody::{Chore, Custodian, Standing, Worry},
    delivery::{ActState, Deed, FailureKind, Hold, PublicationState},
    edits::Shown,
    errors::Class,
    mark::MarkKind,
    mentions::Missed,
    overview::Mood,
    policy::{Datum, Index, Mode, Rule},
    poster::Given,
    record::{Break, Subject},
    replies::Kept,
    showing::Audience,
    silence::{Because, Silence},
    task,
    template::Takes,
};

use crate::{Lang, Sentence};

/// The name of a campaign; of one that is over, this is said.
pub fn campaign_name(lang: Lang, campaign: &Campaign) -> String {
    if campaign.archived { lang.campaign_named_archived(&campaign.name) } else { campaign.name.clone() }
}

/// The name of a pillar, likewise.
pub fn pillar_name(lang: Lang, pillar: &Pillar) -> String {
    if pillar.archived { lang.campaign_pillar_named_archived(&pillar.name) } else { pillar.name.clone() }
}

/// The name of an audience of the plan, likewise.
pub fn named_audience(lang: Lang, audience: &domain::Audience) -> String {
    if audience.archived { lang.audience_named_archived(&audience.name) } else { audience.name.clone() }
}

/// The sentence of a message of the plan, likewise.
pub fn message_name(lang: Lang, message: &domain::Message) -> String {
    if message.archived { lang.message_named_archived(&message.name) } else { message.name.clone() }
}

/// The name of a role.
pub const fn role_name(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Administrator => lang.role_administrator_name(),
        Role::Author => lang.role_author_name(),
        Role::Approver => lang.role_approver_name(),
        Role::Translator => lang.role_translator_name(),
        Role::Designer => lang.role_designer_name(),
        Role::Community => lang.role_community_name(),
        Role::Records => lang.role_records_name(),
        Role::Agency => lang.role_agency_name(),
        Role::Observer => lang.role_observer_name(),
    }
}

/// What a role may do, for whoever hands it out.
pub const fn role_explained(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Administrator => lang.role_administrator_does(),
        Role::Author => lang.role_author_does(),
        Role::Approver => lang.role_approver_does(),
        Role::Translator => lang.role_translator_does(),
        Role::Designer => lang.role_designer_does(),
        Role::Community => lang.role_community_does(),
        Role::Records => lang.role_records_does(),
        Role::Agency => lang.role_agency_does(),
        Role::Observer => lang.role_observer_does(),
    }
}

/// The name of an act that may be refused.
pub const fn act_name(lang: Lang, act: Act) -> &'static str {
    match act {
        Act::Read => lang.act_read(),
        Act::Write => lang.act_write(),
        Act::Contribute => lang.act_contribute(),
        Act::Upload => lang.act_upload(),
        Act::Submit => lang.act_submit(),
        Act::Decide => lang.act_decide(),
        Act::Publish => lang.act_publish(),
        Act::Correct => lang.act_correct(),
        Act::TakeDown => lang.act_take_down(),
        Act::Waive => lang.act_waive(),
        Act::Pause => lang.act_pause(),
        Act::Resume => lang.act_resume(),
        Act::ManageChannels => lang.act_manage_channels(),
        Act::HoldCustody => lang.act_hold_custody(),
        Act::NameCustodians => lang.act_name_custodians(),
        Act::ManagePeople => lang.act_manage_people(),
        Act::ManageOrganisation => lang.act_manage_organisation(),
        Act::ReadRecord => lang.act_read_record(),
        Act::EraseRecord => lang.act_erase_record(),
        Act::Task => lang.act_task(),
        Act::Comment => lang.act_comment(),
        Act::Emergency => lang.act_emergency(),
        Act::Share => lang.act_share(),
        Act::KeepConsents => lang.act_keep_consents(),
    }
}

/// The name of a kind of mark in the calendar.
pub const fn mark_kind_name(lang: Lang, kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Note => lang.calendar_kind_note(),
        MarkKind::Feast => lang.calendar_kind_feast(),
        MarkKind::Session => lang.calendar_kind_session(),
        MarkKind::Election => lang.calendar_kind_election(),
        MarkKind::Mourning => lang.calendar_kind_mourning(),
    }
}

/// The name of a stage.
pub const fn stage_name(lang: Lang, stage_name: StageName) -> &'static str {
    match stage_name {
        StageName::Draft => lang.stage_draft(),
        StageName::InReview => lang.stage_in_review(),
        StageName::Approved => lang.stage_approved(),
        StageName::Placed => lang.stage_placed(),
        StageName::Out => lang.stage_out(),
        StageName::Cancelled => lang.stage_cancelled(),
    }
}

/// The name of what became of a publication.
pub const fn publication_state_name(lang: Lang, publication_state: PublicationState) -> &'static str {
    match publication_state {
        PublicationState::Waiting => lang.publication_waiting(),
        PublicationState::Going => lang.publication_going(),
        PublicationState::InHand => lang.publication_in_hand(),
        PublicationState::Out => lang.publication_out(),
        PublicationState::TakenDown => lang.publication_taken_down(),
        PublicationState::Failed => lang.publication_failed(),
        PublicationState::Held => lang.publication_held(),
        PublicationState::Unknown => lang.publication_unknown(),
        PublicationState::Cancelled => lang.publication_cancelled(),
    }
}

/// The name of a kind of post.
pub const fn kind_name(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Routine => lang.kind_routine_name(),
        Kind::Event => lang.kind_event_name(),
        Kind::Service => lang.kind_service_name(),
        Kind::Sensitive => lang.kind_sensitive_name(),
        Kind::Legal => lang.kind_legal_name(),
        Kind::Emergency => lang.kind_emergency_name(),
    }
}

/// What belongs to a kind of post.
pub const fn kind_explained(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Routine => lang.kind_routine_is(),
        Kind::Event => lang.kind_event_is(),
        Kind::Service => lang.kind_service_is(),
        Kind::Sensitive => lang.kind_sensitive_is(),
        Kind::Legal => lang.kind_legal_is(),
        Kind::Emergency => lang.kind_emergency_is(),
    }
}

/// Who sees a video.
pub const fn audience_name(lang: Lang, audience: Audience) -> &'static str {
    match audience {
        Audience::Everybody => lang.showing_everybody(),
        Audience::Link => lang.showing_link(),
        Audience::Us => lang.showing_us(),
    }
}

/// How a video is shown, and what is declared of it: a sentence each.
pub fn showing(lang: Lang, said: Showing) -> Vec<&'static str> {
    let children = if said.children { lang.showing_children() } else { lang.showing_adults() };
    let more = [(said.synthetic, lang.showing_synthetic()), (said.paid, lang.showing_paid())];
    let more = more.into_iter().filter_map(|(is_so, sentence)| is_so.then_some(sentence));
    [audience_name(lang, said.audience), children].into_iter().chain(more).collect()
}

/// What readers see of a correction, as a sentence.
pub const fn edits(lang: Lang, shown: Shown) -> &'static str {
    match shown {
        Shown::Versions => lang.edits_versions(),
        Shown::Mark => lang.edits_mark(),
        Shown::First => lang.edits_first(),
        Shown::Unstated => lang.edits_unstated(),
    }
}

/// Who may reply, as a sentence.
pub const fn replies(lang: Lang, replies: Replies) -> &'static str {
    match replies {
        Replies::Everybody => lang.replies_everybody(),
        Replies::Following => lang.replies_following(),
        Replies::Mentioned => lang.replies_mentioned(),
        Replies::Nobody => lang.replies_nobody(),
    }
}

/// What becomes of who may reply on a channel, as a sentence.
pub fn replies_on(lang: Lang, chosen: Replies, kept: Kept, channel: &Channel) -> String {
    let on = match channel.network {
        // A name of its own says more than "other network".
        Network::Other => channel.name.as_str(),
        network => network_name(lang, network),
    };
    match kept {
        Kept::Exactly => lang.replies_on(on, replies(lang, chosen)),
        Kept::Closed => lang.replies_on(on, lang.replies_closed()),
        Kept::ByHand => lang.replies_on(on, lang.replies_by_hand()),
        Kept::Mentioned => lang.replies_on(on, lang.replies_wider()),
        Kept::Open => lang.replies_on(on, lang.replies_open()),
    }
}

/// A moment of a video, as a player shows it, with tenths of a second.
pub fn moment(lang: Lang, millis: u32) -> String {
    lang.video_poster_at(millis / 60_000, millis / 1_000 % 60, millis / 100 % 10)
}

/// What the poster of a video is.
pub fn poster(lang: Lang, poster: &Poster) -> String {
    match poster.at {
        Some(at) => lang.video_poster_is_moment(moment(lang, at)),
        None => lang.video_poster_is_picture().to_owned(),
    }
}

/// What came of giving a network the poster of a video, and what can be done about it.
pub fn poster_given(lang: Lang, given: &Given) -> String {
    match given {
        Given::Kept => lang.video_poster_kept().to_owned(),
        Given::Missed { forbidden: true, message } => lang.video_poster_forbidden(message),
        Given::Missed { message, .. } => lang.video_poster_missed(message),
    }
}

/// Why a page is not mentioned that a post was to lead to, and what can be done about it.
pub fn unmentioned(lang: Lang, missed: &Missed) -> String {
    let Missed { page, renamed, message } = missed;
    if *renamed {
        lang.mentions_renamed(page)
    } else if message.is_empty() {
        lang.mentions_lost(page)
    } else {
        lang.mentions_missed(message, page)
    }
}

/// The name of a network.
pub const fn network_name(lang: Lang, network: Network) -> &'static str {
    match network {
        Network::Noticeboard => lang.network_noticeboard(),
        Network::Bluesky => lang.network_bluesky(),
        Network::Mastodon => lang.network_mastodon(),
        Network::Telegram => lang.network_telegram(),
        Network::Facebook => lang.network_facebook(),
        Network::X => lang.network_x(),
        Network::Tumblr => lang.network_tumblr(),
        Network::Youtube => lang.network_youtube(),
        Network::Tiktok => lang.network_tiktok(),
        Network::Website => lang.network_website(),
        Network::Linkedin => lang.network_linkedin(),
        Network::Instagram => lang.network_instagram(),
        Network::Threads => lang.network_threads(),
        Network::Whatsapp => lang.network_whatsapp(),
        Network::Nextdoor => lang.network_nextdoor(),
        Network::Parler => lang.network_parler(),
        Network::Screen => lang.network_screen(),
        Network::Paper => lang.network_paper(),
        Network::Other => lang.network_other(),
    }
}

/// What holds of a place that a person publishes on, for whoever does: who may, how, and how it is not done.
pub const fn place_rules(lang: Lang, network: Network) -> Option<&'static str> {
    Some(match network {
        Network::Whatsapp => lang.kit_rules_whatsapp(),
        Network::Nextdoor => lang.kit_rules_nextdoor(),
        Network::Parler => lang.kit_rules_parler(),
        Network::Screen => lang.kit_rules_screen(),
        Network::Paper => lang.kit_rules_paper(),
        _ => return None,
    })
}

/// What is to be done on a network when somebody leaves.
pub const fn chore_text(lang: Lang, chore: Chore) -> &'static str {
    match chore {
        Chore::Administrators => lang.custody_administrators_text(),
        Chore::Contact => lang.custody_contact_text(),
        Chore::Password => lang.custody_password_text(),
        Chore::SecondFactor => lang.custody_second_factor_text(),
        Chore::Sessions => lang.custody_sessions_text(),
        Chore::App => lang.custody_app_text(),
    }
}

/// Where on a network that is done; nothing of our own.
pub const fn chore_place(lang: Lang, network: Network) -> Option<&'static str> {
    Some(match network {
        Network::Noticeboard => return None,
        Network::Bluesky => lang.custody_where_bluesky(),
        Network::Mastodon => lang.custody_where_mastodon(),
        Network::Telegram => lang.custody_where_telegram(),
        Network::Facebook => lang.custody_where_facebook(),
        Network::X => lang.custody_where_x(),
        Network::Tumblr => lang.custody_where_tumblr(),
        Network::Youtube => lang.custody_where_youtube(),
        Network::Tiktok => lang.custody_where_tiktok(),
        Network::Website => lang.custody_where_website(),
        Network::Linkedin => lang.custody_where_linkedin(),
        Network::Instagram => lang.custody_where_instagram(),
        Network::Threads => lang.custody_where_threads(),
        Network::Whatsapp => lang.custody_where_whatsapp(),
        Network::Nextdoor => lang.custody_where_nextdoor(),
        Network::Parler => lang.custody_where_parler(),
        Network::Screen => lang.custody_where_screen(),
        Network::Paper => lang.custody_where_paper(),
        Network::Other => lang.custody_where_other(),
    })
}

/// Somebody who answers for an account; of who no longer can, why.
pub fn custodian_said(lang: Lang, custodian: &Custodian) -> String {
    match custodian.standing {
        Standing::Stands => custodian.name.clone(),
        Standing::MayNot => lang.custody_may_not(&custodian.name),
        Standing::Ended => lang.custody_ended(&custodian.name),
        Standing::Left => lang.custody_left(&custodian.name),
    }
}

/// What is wrong with the custody of an account.
pub fn worry(lang: Lang, worry: Worry) -> Sentence {
    match worry {
        Worry::Nobody => Sentence::new(lang.custody_nobody_what(), lang.custody_nobody_next()),
        Worry::OnlyOne => Sentence::new(lang.custody_only_one_what(), lang.custody_only_one_next()),
    }
}

/// A silence that is told.
pub fn silence(lang: Lang, silence: Silence) -> Sentence {
    let what =
        if silence.last.is_some() { lang.silence_what(silence.days) } else { lang.silence_never_what(silence.days) };
    Sentence::new(what, lang.silence_next())
}

/// Why a silence is told when it is.
pub const fn because(lang: Lang, because: Because) -> &'static str {
    match because {
        Because::OwnPage => lang.silence_own_page(),
        Because::NewestFirst => lang.silence_newest_first(),
        Because::LongerPieces => lang.silence_longer_pieces(),
        Because::Subscribed => lang.silence_subscribed(),
        Because::Films => lang.silence_films(),
    }
}

/// So many channels of which one thing is said.
pub fn mood(lang: Lang, mood: Mood, count: usize) -> String {
    match mood {
        Mood::ShutOut => lang.overview_shut_out(count),
        Mood::Ending => lang.overview_ending(count),
        Mood::Troubled => lang.overview_troubled(count),
        Mood::Silent => lang.overview_silent(count),
        Mood::Well => lang.overview_well(count),
    }
}

/// What stands beside the name of a document: its type, its pages, and its size, rounded up.
pub fn document_facts(lang: Lang, pages: u32, bytes: u32) -> String {
    let size = match bytes {
        0..1_000_000 => [&bytes.div_ceil(1_000).to_string(), " KB"].concat(),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            [&lang.finding_tenths(tenths % 10, tenths / 10), " MB"].concat()
        }
    };
    ["PDF, ", &lang.document_pages(pages), ", ", &size].concat()
}

/// As what a post goes to a channel.
pub const fn guise_name(lang: Lang, guise: Guise) -> &'static str {
    match guise {
        Guise::Post => lang.guise_post(),
        Guise::Reel => lang.guise_reel(),
        Guise::Story => lang.guise_story(),
    }
}

/// The name of a rule.
pub const fn rule_name(lang: Lang, rule: Rule) -> &'static str {
    match rule {
        Rule::Length => lang.rule_length_name(),
        Rule::Empty => lang.rule_empty_name(),
        Rule::PictureCount => lang.rule_picture_count_name(),
        Rule::PictureSize => lang.rule_picture_size_name(),
        Rule::PictureType => lang.rule_picture_type_name(),
        Rule::Video => lang.rule_video_name(),
        Rule::Document => lang.rule_document_name(),
        Rule::DocumentTags => lang.rule_document_tags_name(),
        Rule::AltText => lang.rule_alt_text_name(),
        Rule::Captions => lang.rule_captions_name(),
        Rule::HashtagCase => lang.rule_hashtag_case_name(),
        Rule::HashtagCount => lang.rule_hashtag_count_name(),
        Rule::EmojiLoad => lang.rule_emoji_load_name(),
        Rule::Capitals => lang.rule_capitals_name(),
        Rule::FancyLetters => lang.rule_fancy_letters_name(),
        Rule::HiddenCharacters => lang.rule_hidden_characters_name(),
        Rule::BareLink => lang.rule_bare_link_name(),
        Rule::LinkCount => lang.rule_link_count_name(),
        Rule::SentenceLength => lang.rule_sentence_length_name(),
        Rule::Readability => lang.rule_readability_name(),
        Rule::MissingLanguage => lang.rule_missing_language_name(),
        Rule::PersonalData => lang.rule_personal_data_name(),
        Rule::Comment => lang.rule_comment_name(),
        Rule::Story => lang.rule_story_name(),
        Rule::Reel => lang.rule_reel_name(),
        Rule::Replies => lang.rule_replies_name(),
        Rule::Poll => lang.rule_poll_name(),
        Rule::Poster => lang.rule_poster_name(),
        Rule::Mention => lang.rule_mention_name(),
        Rule::Contact => lang.rule_contact_name(),
        Rule::Account => lang.rule_account_name(),
        Rule::Rights => lang.rule_rights_name(),
    }
}

/// Why a rule is there, for whoever sets the policy.
pub const fn rule_explained(lang: Lang, rule: Rule) -> &'static str {
    match rule {
        Rule::Length => lang.rule_length_why(),
        Rule::Empty => lang.rule_empty_why(),
        Rule::PictureCount => lang.rule_picture_count_why(),
        Rule::PictureSize => lang.rule_picture_size_why(),
        Rule::PictureType => lang.rule_picture_type_why(),
        Rule::Video => lang.rule_video_why(),
        Rule::Document => lang.rule_document_why(),
        Rule::DocumentTags => lang.rule_document_tags_why(),
        Rule::AltText => lang.rule_alt_text_why(),
        Rule::Captions => lang.rule_captions_why(),
        Rule::HashtagCase => lang.rule_hashtag_case_why(),
        Rule::HashtagCount => lang.rule_hashtag_count_why(),
        Rule::EmojiLoad => lang.rule_emoji_load_why(),
        Rule::Capitals => lang.rule_capitals_why(),
        Rule::FancyLetters => lang.rule_fancy_letters_why(),
        Rule::HiddenCharacters => lang.rule_hidden_characters_why(),
        Rule::BareLink => lang.rule_bare_link_why(),
        Rule::LinkCount => lang.rule_link_count_why(),
        Rule::SentenceLength => lang.rule_sentence_length_why(),
        Rule::Readability => lang.rule_readability_why(),
        Rule::MissingLanguage => lang.rule_missing_language_why(),
        Rule::PersonalData => lang.rule_personal_data_why(),
        Rule::Comment => lang.rule_comment_why(),
        Rule::Story => lang.rule_story_why(),
        Rule::Reel => lang.rule_reel_why(),
        Rule::Replies => lang.rule_replies_why(),
        Rule::Poll => lang.rule_poll_why(),
        Rule::Poster => lang.rule_poster_why(),
        Rule::Mention => lang.rule_mention_why(),
        Rule::Contact => lang.rule_contact_why(),
        Rule::Account => lang.rule_account_why(),
        Rule::Rights => lang.rule_rights_why(),
    }
}

/// How to mend what a rule found.
pub const fn rule_advice(lang: Lang, rule: Rule) -> &'static str {
    match rule {
        Rule::Length => lang.rule_length_advice(),
        Rule::Empty => lang.rule_empty_advice(),
        Rule::PictureCount => lang.rule_picture_count_advice(),
        Rule::PictureSize => lang.rule_picture_size_advice(),
        Rule::PictureType => lang.rule_picture_type_advice(),
        Rule::Video => lang.rule_video_advice(),
        Rule::Document => lang.rule_document_advice(),
        Rule::DocumentTags => lang.rule_document_tags_advice(),
        Rule::AltText => lang.rule_alt_text_advice(),
        Rule::Captions => lang.rule_captions_advice(),
        Rule::HashtagCase => lang.rule_hashtag_case_advice(),
        Rule::HashtagCount => lang.rule_hashtag_count_advice(),
        Rule::EmojiLoad => lang.rule_emoji_load_advice(),
        Rule::Capitals => lang.rule_capitals_advice(),
        Rule::FancyLetters => lang.rule_fancy_letters_advice(),
        Rule::HiddenCharacters => lang.rule_hidden_characters_advice(),
        Rule::BareLink => lang.rule_bare_link_advice(),
        Rule::LinkCount => lang.rule_link_count_advice(),
        Rule::SentenceLength => lang.rule_sentence_length_advice(),
        Rule::Readability => lang.rule_readability_advice(),
        Rule::MissingLanguage => lang.rule_missing_language_advice(),
        Rule::PersonalData => lang.rule_personal_data_advice(),
        Rule::Comment => lang.rule_comment_advice(),
        Rule::Story => lang.rule_story_advice(),
        Rule::Reel => lang.rule_reel_advice(),
        Rule::Replies => lang.rule_replies_advice(),
        Rule::Poll => lang.rule_poll_advice(),
        Rule::Poster => lang.rule_poster_advice(),
        Rule::Mention => lang.rule_mention_advice(),
        Rule::Contact => lang.rule_contact_advice(),
        Rule::Account => lang.rule_account_advice(),
        Rule::Rights => lang.rule_rights_advice(),
    }
}

/// The name of what a rule does.
pub const fn mode_name(lang: Lang, mode: Mode) -> &'static str {
    match mode {
        Mode::Block => lang.mode_block(),
        Mode::Warn => lang.mode_warn(),
        Mode::Off => lang.mode_off(),
    }
}

/// The name of what an act does at the network.
pub const fn deed_name(lang: Lang, deed: Deed) -> &'static str {
    match deed {
        Deed::Create => lang.deed_create(),
        Deed::Edit => lang.deed_edit(),
        Deed::Delete => lang.deed_delete(),
        Deed::Comment => lang.deed_comment(),
    }
}

/// The name of a kind of personal datum.
pub const fn datum_name(lang: Lang, datum: Datum) -> &'static str {
    match datum {
        Datum::Dni => lang.datum_dni(),
        Datum::Nie => lang.datum_nie(),
        Datum::Iban => lang.datum_iban(),
        Datum::Phone => lang.datum_phone(),
        Datum::Plate => lang.datum_plate(),
    }
}

/// The name of a readability index.
pub const fn index_name(lang: Lang, index: Index) -> &'static str {
    match index {
        Index::Inflesz => lang.index_inflesz(),
        Index::Flesch => lang.index_flesch(),
    }
}

/// The name of a kind of public body.
pub const fn body_kind_name(lang: Lang, body_kind: BodyKind) -> &'static str {
    match body_kind {
        BodyKind::Municipality => lang.body_municipality(),
        BodyKind::Province => lang.body_province(),
        BodyKind::Region => lang.body_region(),
        BodyKind::State => lang.body_state(),
        BodyKind::Other => lang.body_other(),
    }
}

/// The name of what an entry of the record tells of.
pub const fn subject_name(lang: Lang, subject: Subject) -> &'static str {
    match subject {
        Subject::Submission => lang.subject_submission(),
        Subject::Decision => lang.subject_decision(),
        Subject::Declaration => lang.subject_declaration(),
        Subject::Policy => lang.subject_policy(),
        Subject::Bylaws => lang.subject_bylaws(),
        Subject::Waiver => lang.subject_waiver(),
        Subject::Matter => lang.subject_matter(),
        Subject::Placement => lang.subject_placement(),
        Subject::Publication => lang.subject_publication(),
        Subject::Correction => lang.subject_correction(),
        Subject::Takedown => lang.subject_takedown(),
        Subject::Incident => lang.subject_incident(),
        Subject::Pause => lang.subject_pause(),
        Subject::Access => lang.subject_access(),
        Subject::Channel => lang.subject_channel(),
        Subject::Erasure => lang.subject_erasure(),
        Subject::Task => lang.subject_task(),
        Subject::Drafting => lang.subject_drafting(),
        Subject::Export => lang.subject_export(),
        Subject::Outside => lang.subject_outside(),
        Subject::Comment => lang.subject_comment(),
        Subject::Emergency => lang.subject_emergency(),
        Subject::Library => lang.subject_library(),
    }
}

/// The name of a task's state.
pub const fn task_state_name(lang: Lang, state: task::StateName) -> &'static str {
    match state {
        task::StateName::Open => lang.task_state_open(),
        task::StateName::Doing => lang.task_state_doing(),
        task::StateName::Waiting => lang.task_state_waiting(),
        task::StateName::Done => lang.task_state_done(),
        task::StateName::NotDone => lang.task_state_not_done(),
    }
}

/// How urgent a task is.
pub const fn urgency_name(lang: Lang, urgency: task::Urgency) -> &'static str {
    match urgency {
        task::Urgency::Low => lang.task_urgency_low(),
        task::Urgency::Normal => lang.task_urgency_normal(),
        task::Urgency::High => lang.task_urgency_high(),
    }
}

/// The name of a picture's type.
pub const fn picture_type_name(lang: Lang, picture_type: PictureType) -> &'static str {
    match picture_type {
        PictureType::Jpeg => lang.picture_jpeg(),
        PictureType::Png => lang.picture_png(),
        PictureType::Webp => lang.picture_webp(),
    }
}

/// Why an act failed, and what to do.
pub fn failure(lang: Lang, failure_kind: FailureKind) -> Sentence {
    match failure_kind {
        FailureKind::ContentRefused => {
            Sentence::new(lang.failure_content_refused_what(), lang.failure_content_refused_next())
        }
        FailureKind::AccessRefused => {
            Sentence::new(lang.failure_access_refused_what(), lang.failure_access_refused_next())
        }
        FailureKind::Forbidden => Sentence::new(lang.failure_forbidden_what(), lang.failure_forbidden_next()),
        FailureKind::Gone => Sentence::new(lang.failure_gone_what(), lang.failure_gone_next()),
        FailureKind::Unreachable => Sentence::new(lang.failure_unreachable_what(), lang.failure_unreachable_next()),
        FailureKind::Throttled => Sentence::new(lang.failure_throttled_what(), lang.failure_throttled_next()),
        FailureKind::Nonsense => Sentence::new(lang.failure_nonsense_what(), lang.failure_nonsense_next()),
        FailureKind::NotDone => Sentence::new(lang.failure_not_done_what(), lang.failure_not_done_next()),
    }
}

/// What a network's error means, and what to do.
pub fn meaning(lang: Lang, class: Class) -> Sentence {
    match class {
        Class::Transient => Sentence::new(lang.meaning_transient_what(), lang.meaning_transient_next()),
        Class::Throttled => Sentence::new(lang.meaning_throttled_what(), lang.meaning_throttled_next()),
        Class::Refresh => Sentence::new(lang.meaning_refresh_what(), lang.meaning_refresh_next()),
        Class::Permission => Sentence::new(lang.meaning_permission_what(), lang.meaning_permission_next()),
        Class::ContentRefused => {
            Sentence::new(lang.meaning_content_refused_what(), lang.meaning_content_refused_next())
        }
        Class::Blocked => Sentence::new(lang.meaning_blocked_what(), lang.meaning_blocked_next()),
        Class::Gone => Sentence::new(lang.meaning_gone_what(), lang.meaning_gone_next()),
        Class::Unknown => Sentence::new(lang.meaning_unknown_what(), lang.meaning_unknown_next()),
    }
}

/// Why an act is held, and what to do.
pub fn hold(lang: Lang, hold: Hold) -> Sentence {
    match hold {
        Hold::Late => Sentence::new(lang.hold_late_what(), lang.hold_late_next()),
        Hold::Paused => Sentence::new(lang.hold_paused_what(), lang.hold_paused_next()),
        Hold::ChannelUnfit => Sentence::new(lang.hold_channel_unfit_what(), lang.hold_channel_unfit_next()),
        Hold::ApprovalVoid => Sentence::new(lang.hold_approval_void_what(), lang.hold_approval_void_next()),
        Hold::DutiesApart => Sentence::new(lang.hold_duties_apart_what(), lang.hold_duties_apart_next()),
        Hold::Rights => Sentence::new(lang.hold_rights_what(), lang.hold_rights_next()),
        Hold::StaysUp => Sentence::new(lang.hold_stays_up_what(), lang.hold_stays_up_next()),
        Hold::LeftOut => Sentence::new(lang.hold_left_out_what(), lang.hold_left_out_next()),
        Hold::BroughtIn => Sentence::new(lang.hold_brought_in_what(), lang.hold_brought_in_next()),
    }
}

/// How a channel is, and what to do.
pub fn health(lang: Lang, health_state: HealthState) -> Sentence {
    match health_state {
        HealthState::Working => Sentence::new(lang.health_working_what(), lang.health_working_next()),
        HealthState::Troubled => Sentence::new(lang.health_troubled_what(), lang.health_troubled_next()),
        HealthState::Refused => Sentence::new(lang.health_refused_what(), lang.health_refused_next()),
        HealthState::Disconnected => Sentence::new(lang.health_disconnected_what(), lang.health_disconnected_next()),
    }
}

/// The state of an act in words; for what failed or is held, the reason too.
pub fn act_state(lang: Lang, state: &ActState) -> Sentence {
    match state {
        ActState::Waiting => Sentence::new(lang.state_waiting_what(), lang.state_waiting_next()),
        ActState::Claimed { .. } => Sentence::new(lang.state_claimed_what(), lang.state_claimed_next()),
        ActState::Sending { .. } => Sentence::new(lang.state_sending_what(), lang.state_sending_next()),
        ActState::InHand { .. } => Sentence::new(lang.state_in_hand_what(), lang.state_in_hand_next()),
        ActState::Done { .. } => Sentence::new(lang.state_done_what(), lang.state_done_next()),
        ActState::Failed { failure: why } => failure(lang, why.kind),
        ActState::Unknown { asked: false, .. } => Sentence::new(lang.state_unknown_what(), lang.state_unknown_next()),
        ActState::Unknown { asked: true, .. } => Sentence::new(lang.state_asked_what(), lang.state_asked_next()),
        ActState::Held { reason } => hold(lang, *reason),
        ActState::Cancelled { reason, .. } => {
            Sentence::new(lang.state_cancelled_what(reason), lang.state_cancelled_next())
        }
    }
}

/// Where a chain breaks, and what to do.
pub fn chain_break(lang: Lang, found: &Break) -> Sentence {
    let what = match found {
        Break::Gap { expected, found } => lang.break_gap(expected, found),
        Break::Body { seq } => lang.break_body(seq),
        Break::Link { seq } => lang.break_link(seq),
    };
    Sentence::new(what, lang.break_next())
}

/// What a blank takes, in a word.
pub fn takes_name(lang: Lang, takes: Takes) -> &'static str {
    match takes {
        Takes::Text => lang.texts_takes_text(),
        Takes::Date => lang.texts_takes_date(),
        Takes::Time => lang.texts_takes_time(),
        Takes::Number => lang.texts_takes_number(),
        Takes::Place => lang.texts_takes_place(),
        Takes::Link => lang.texts_takes_link(),
    }
}

/// What helps to fill such a blank in, where its field does not say it by itself.
pub fn takes_hint(lang: Lang, takes: Takes) -> Option<&'static str> {
    match takes {
        Takes::Number => Some(lang.texts_takes_number_hint()),
        Takes::Place => Some(lang.texts_takes_place_hint()),
        Takes::Link => Some(lang.texts_takes_link_hint()),
        Takes::Text | Takes::Date | Takes::Time => None,
    }
}

/// A field of a form as a person knows it. The names come from the engine as text, so this is the one table that
/// cannot be exhaustive: a field without a name of its own is "the data".
pub fn field_name(lang: Lang, field: &str) -> &'static str {
    match field {
        "text" => lang.field_text(),
        "title" => lang.field_title(),
        "parts" => lang.field_parts(),
        "poll" => lang.field_poll(),
        "alt" => lang.field_alt(),
        "link" | "address" => lang.field_link(),
        "place" => lang.field_place(),
        "guidance" => lang.field_guidance(),
        "line" => lang.field_line(),
        "checklist" => lang.field_checklist(),
        "advice" => lang.field_advice(),
        "officers" => lang.field_officers(),
        "matter" => lang.field_matter(),
        "pictures" | "pictures.hash" | "file_name" | "media" => lang.field_pictures(),
        "targets" | "channels" | "channel" => lang.field_channels(),
        "languages" => lang.field_languages(),
        "versions" | "content" => lang.field_content(),
        "comment" => lang.field_comment(),
        "choice" => lang.field_choice(),
        "comments" => lang.field_comments(),
        "wordings" => lang.field_wordings(),
        "reason" => lang.field_reason(),
        "template" => lang.field_template(),
        "templates" => lang.field_templates(),
        "contacts" => lang.field_contacts(),
        "accounts" => lang.field_accounts(),
        "blanks" => lang.field_blanks(),
        "basis" => lang.field_basis(),
        "goal" => lang.field_goal(),
        "budget" => lang.field_budget(),
        "situation" => lang.field_situation(),
        "dos" => lang.field_dos(),
        "donts" => lang.field_donts(),
        "source" => lang.field_source(),
        "topics" => lang.field_topics(),
        "hosts" => lang.utm_sites(),
        "proposal_links" => lang.field_proposal_links(),
        "name" => lang.field_name(),
        "custodians" => lang.field_custodians(),
        "to" => lang.field_to(),
        "patience" => lang.field_patience(),
        "campaigns" => lang.field_campaigns(),
        "days" => lang.field_days(),
        "shares" => lang.field_shares(),
        "views" | "sieve" | "layout" => lang.field_views(),
        "posts" => lang.field_posts(),
        "foreign" => lang.field_foreign(),
        "series" | "without" => lang.field_series(),
        "weeks" => lang.field_weeks(),
        "day" => lang.field_day(),
        "until" => lang.field_until(),
        "pillars" => lang.field_pillars(),
        "audiences" => lang.field_audiences(),
        "message" => lang.field_message(),
        "messages" => lang.field_messages(),
        "promises" => lang.field_promises(),
        "count" => lang.field_count(),
        "who" => lang.field_who(),
        "found" => lang.field_found(),
        "needs" => lang.field_needs(),
        "email" => lang.field_email(),
        "zone" => lang.field_zone(),
        "colour" => lang.field_colour(),
        "colours" => lang.field_colours(),
        "pieces" => lang.field_pieces(),
        "asset_versions" => lang.field_versions(),
        "window" => lang.field_window(),
        "app_password" => lang.field_app_password(),
        "app_id" => lang.field_app_id(),
        "app_secret" => lang.field_app_secret(),
        "client_id" => lang.field_client_id(),
        "client_secret" => lang.field_client_secret(),
        "configuration" => lang.field_configuration(),
        "page" => lang.field_page(),
        "server" => lang.field_server(),
        "identifier" | "handle" => lang.field_handle(),
        "label" => lang.field_label(),
        "code" => lang.field_code(),
        "hours" => lang.field_hours(),
        "holidays" => lang.field_holidays(),
        "envelope" => lang.field_envelope(),
        "reference" => lang.field_reference(),
        "statement" => lang.field_statement(),
        "anchor" => lang.field_anchor(),
        "mentions" => lang.field_mentions(),
        "attached" => lang.field_attached(),
        "instructions" => lang.field_instructions(),
        "within" => lang.field_within(),
        "steps" => lang.field_steps(),
        "seats" => lang.field_seats(),
        "rules" => lang.field_rules(),
        "conditions" => lang.field_conditions(),
        "reminders" => lang.field_reminders(),
        "ladder" => lang.field_ladder(),
        "deadline" => lang.field_deadline(),
        "span" => lang.field_span(),
        "about" => lang.field_about(),
        "ways" => lang.field_ways(),
        "quiet" => lang.field_quiet(),
        "digest_at" => lang.field_digest_at(),
        "devices" => lang.field_devices(),
        "endpoint" | "p256dh" | "auth" => lang.field_subscription(),
        _ => lang.field_other(),
    }
}

/// The name of a language of publication, or its tag when the desk has no name for it.
pub fn language_name(lang: Lang, language: &Language) -> Cow<'static, str> {
    let name = match language.as_str() {
        "es" => lang.language_es(),
        "en" => lang.language_en(),
        "ca" => lang.language_ca(),
        "gl" => lang.language_gl(),
        "eu" => lang.language_eu(),
        "oc" => lang.language_oc(),
        "ast" => lang.language_ast(),
        "an" => lang.language_an(),
        "fr" => lang.language_fr(),
        "pt" => lang.language_pt(),
        "de" => lang.language_de(),
        "it" => lang.language_it(),
        "ar" => lang.language_ar(),
        "ro" => lang.language_ro(),
        "uk" => lang.language_uk(),
        other => return Cow::Owned(other.to_owned()),
    };
    Cow::Borrowed(name)
}

/// The name of a language of publication in that language itself, for whoever looks for it; its tag when it has none here.
pub fn language_endonym(language: &Language) -> Cow<'static, str> {
    // The same in every language of the desk.
    let lang = Lang::default();
    let name = match language.as_str() {
        "es" => lang.public_endonym_es(),
        "en" => lang.public_endonym_en(),
        "ca" => lang.public_endonym_ca(),
        "gl" => lang.public_endonym_gl(),
        "eu" => lang.public_endonym_eu(),
        "oc" => lang.public_endonym_oc(),
        "ast" => lang.public_endonym_ast(),
        "an" => lang.public_endonym_an(),
        "fr" => lang.public_endonym_fr(),
        "pt" => lang.public_endonym_pt(),
        "de" => lang.public_endonym_de(),
        "it" => lang.public_endonym_it(),
        "ar" => lang.public_endonym_ar(),
        "ro" => lang.public_endonym_ro(),
        "uk" => lang.public_endonym_uk(),
        other => return Cow::Owned(other.to_owned()),
    };
    Cow::Borrowed(name)
}

/// Several languages as one phrase: "catalán, gallego y euskera".
pub fn language_list(lang: Lang, languages: &[Language]) -> String {
    let names: Vec<_> = languages.iter().map(|language| language_name(lang, language)).collect();
    match names.split_last() {
        Some((last, [])) => last.to_string(),
        Some((last, rest)) => [rest.join(", ").as_str(), lang.finding_and(), last].join(" "),
        None => String::new(),
    }
}

/// The name of a region of Spain by its code (`domain::feast::REGIONS`).
pub fn region_name(lang: Lang, code: &str) -> &'static str {
    match code {
        "AN" => lang.feast_regions_an(),
        "AR" => lang.feast_regions_ar(),
        "AS" => lang.feast_regions_as(),
        "CN" => lang.feast_regions_cn(),
        "CB" => lang.feast_regions_cb(),
        "CL" => lang.feast_regions_cl(),
        "CM" => lang.feast_regions_cm(),
        "CT" => lang.feast_regions_ct(),
        "CE" => lang.feast_regions_ce(),
        "VC" => lang.feast_regions_vc(),
        "EX" => lang.feast_regions_ex(),
        "GA" => lang.feast_regions_ga(),
        "IB" => lang.feast_regions_ib(),
        "RI" => lang.feast_regions_ri(),
        "MD" => lang.feast_regions_md(),
        "ML" => lang.feast_regions_ml(),
        "MC" => lang.feast_regions_mc(),
        "NC" => lang.feast_regions_nc(),
        "PV" => lang.feast_regions_pv(),
        _ => "",
    }
}
