//! The previews of one network at a time, in every state. The photos and the video are nobody's: where no test gives them,
//! what is seen is the place that they would have.

use domain::{
    Channel, ChannelId, Health, HealthState, Language, MediaId, Network, PictureType, RenderedPicture, RenderedVideo,
    Rendition, Replies, poll::RenderedPoll, silence::Voice, text::chain, video::VideoType,
};
use leptos::prelude::*;
use words::{Lang, network_name};

use crate::ui::{Plain, Select, el, live, preview::preview};

/// Beyond this a long text is only long, not longer than its network takes: ten thousand letters show nothing more.
const LONG: u32 = 1_500;

/// What a post is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Nothing,
    Short,
    Long,
    Card,
    Picture,
    Pictures,
    Film,
    Poll,
    Thread,
    ByHand,
}

impl State {
    const ALL: [State; 10] = [
        State::Nothing,
        State::Short,
        State::Long,
        State::Card,
        State::Picture,
        State::Pictures,
        State::Film,
        State::Poll,
        State::Thread,
        State::ByHand,
    ];

    const fn name(self, lang: Lang) -> &'static str {
        match self {
            State::Nothing => lang.design_state_nothing(),
            State::Short => lang.design_state_short(),
            State::Long => lang.design_state_long(),
            State::Card => lang.design_state_card(),
            State::Picture => lang.design_state_picture(),
            State::Pictures => lang.design_state_pictures(),
            State::Film => lang.design_state_film(),
            State::Poll => lang.design_state_poll(),
            State::Thread => lang.design_state_thread(),
            State::ByHand => lang.design_state_by_hand(),
        }
    }
}

pub(super) fn previews(lang: Lang) -> AnyView {
    let chosen = RwSignal::new("0".to_owned());
    let named = |(at, network): (usize, Network)| (at.to_string(), network_name(lang, network).to_owned());
    let options = Network::ALL.into_iter().enumerate().map(named).collect::<Vec<_>>();
    let drawn = move || {
        let at = chosen.with(|at| at.parse::<usize>().unwrap_or_default());
        let network = Network::ALL.get(at).copied().unwrap_or(Network::Noticeboard);
        // A line of `---` is a part of a thread only where there are threads.
        let states = State::ALL.into_iter().filter(|state| network.chains() || *state != State::Thread);
        let all = states.map(|state| shown(lang, network, state)).collect::<Vec<_>>();
        el("div", "previews").put(all).into_any()
    };
    view! {
        <Select label=lang.design_network() value=chosen options=options/>
        {live(drawn)}
    }
    .into_any()
}

fn shown(lang: Lang, network: Network, state: State) -> Plain {
    let channel = Channel {
        id: ChannelId::from_bits(0),
        network,
        name: lang.design_town().to_owned(),
        handle: "@villaserena.example".to_owned(),
        address: None,
        languages: vec![language(lang)],
        limits: network.limits(),
        health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
        assisted: state == State::ByHand,
        voice: Voice::default(),
    };
    let rendition = (state != State::Nothing).then(|| rendition(lang, &channel, state));
    let drawn = preview("Europe/Madrid", lang.design_town(), &channel, rendition.as_ref());
    el("div", "destination").put(el("strong", "").put(state.name(lang))).put(drawn)
}

fn language(lang: Lang) -> Language {
    match lang {
        Lang::Es => Language::spanish(),
        Lang::En => Language::english(),
    }
}

fn rendition(lang: Lang, channel: &Channel, state: State) -> Rendition {
    let sentence = lang.design_sentence();
    let text = match state {
        State::Long => {
            let most = channel.limits.text.min(LONG) as usize;
            [sentence, " "].concat().repeat(most / sentence.len() + 2)
        }
        State::Thread => [sentence, "\n", chain::CUT, "\n", lang.design_again()].concat(),
        _ => [sentence, " ", lang.design_again()].concat(),
    };
    let pictures = match state {
        State::Picture => 1,
        State::Pictures => 4,
        _ => 0,
    };
    let film = RenderedVideo {
        media: MediaId::from_bits(9),
        hash: String::new(),
        mime: VideoType::Mp4,
        bytes: 1,
        width: 1_280,
        height: 720,
        millis: 3_000,
        alt: lang.design_alt().to_owned(),
        captions: None,
        poster: None,
    };
    let poll = RenderedPoll {
        answers: vec![lang.general_yes().to_owned(), lang.general_no().to_owned()],
        minutes: 1_440,
        several: false,
        hidden: true,
    };
    Rendition {
        language: language(lang),
        title: Some(lang.design_town().to_owned()),
        text,
        warning: None,
        pictures: (1..=pictures).map(|number| picture(lang, number)).collect(),
        video: (state == State::Film).then_some(film),
        document: None,
        link: (state == State::Card).then(|| "https://villaserena.example/agua".to_owned()),
        event: None,
        showing: None,
        topic: None,
        pin: false,
        collaborators: None,
        mentions: None,
        story: false,
        reel: false,
        comment: None,
        replies: Replies::default(),
        poll: (state == State::Poll).then_some(poll),
        utm: None,
        contacts: None,
    }
}

/// The last of several is upright and has no words.
fn picture(lang: Lang, number: u128) -> RenderedPicture {
    let (width, height, alt) = if number == 4 { (900, 1_200, "") } else { (1_200, 900, lang.design_alt()) };
    RenderedPicture {
        media: MediaId::from_bits(number),
        hash: String::new(),
        mime: PictureType::Jpeg,
        bytes: 1,
        width,
        height,
        alt: alt.to_owned(),
        focus: None,
    }
}
