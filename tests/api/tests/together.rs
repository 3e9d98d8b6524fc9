//! Several posts moved by one command: a campaign by some days, two that change places, and the way back. All or none, by
//! the rule by which one is moved; and a calendar that says when it is cut.

use api_journeys::{Member, Town, approval, id, new_post};
use chrono::NaiveDateTime;
use domain::{
    Belonging, CampaignId, Language, Millis, Moment, Refusal, Stage, StageName, UnitId,
    bylaws::Unit,
    delivery::PublicationState,
    mark::MarkKind,
    record::Subject,
    round::Margin,
    shift::{MOST, Mind, Wanted, swap},
};
use wire::{
    bylaws,
    calendar::{Because, KEEP_MARK, KeepMark, REARRANGE, Rearrange, SHIFT, Shift, Shifted},
    campaigns::{BELONG, Belong},
    posts::{self, PostView, Query},
};

fn of(campaign: &CampaignId, author: &Member, town: &Town, text: &str) -> PostView {
    let draft = author.write(&town.notice(text));
    let belongs = Belonging { campaign: Some(campaign.clone()), ..Default::default() };
    let belong = Belong { version: draft.post.version, belongs };
    author.ok(&BELONG, &[id(&draft)], &belong)
}

fn agreed(town: &Town, author: &Member, draft: &PostView) -> PostView {
    let waiting = author.submit(draft);
    town.mayor().ok(&posts::DECIDE, &[id(&waiting)], &approval(&waiting))
}

fn days(days: i32) -> Shift {
    Shift { days, from: None, until: None }
}

fn look(author: &Member, campaign: &CampaignId, days: i32) -> Shifted {
    author.ok(&SHIFT, &[campaign.as_str()], &self::days(days))
}

fn all(author: &Member, looked: &Shifted) -> Rearrange {
    let to = |one: &wire::calendar::Moving| Wanted::at(one.post.clone(), one.version, one.to, &author.me.zone);
    Rearrange { moves: looked.moves.iter().map(to).collect(), because: Because::Shift }
}

fn at(author: &Member, post: &PostView) -> (Moment, StageName) {
    let now = author.read(&post.post.id).post;
    (now.slot().unwrap().at, now.stage.name())
}

/// Nine in the morning so many days on, when nobody is kept from moving anything by a night of the clocks.
fn nine(author: &Member, on: u64) -> NaiveDateTime {
    let today = author.wall(author.now(), Millis(0)).date();
    (today + chrono::Days::new(on)).and_hms_opt(9, 0, 0).unwrap()
}

fn due(author: &Member, post: &PostView) -> Vec<Moment> {
    author.read(&post.post.id).publications.iter().flat_map(|one| &one.acts).map(|act| act.due).collect()
}

#[test]
fn what_says_the_same_under_another_heading_is_known_to_the_calendar_and_to_whoever_moves() {
    let town = Town::found("Villa Repetida");
    let (author, administrator) = (town.author(), town.administrator());
    let (campaign, _) = crate::campaigns::campaign(&administrator, "Recicla bien");
    let unit = Unit { id: UnitId::from_bits(3), name: "Aguas".to_owned(), members: vec![author.me.member.clone()] };
    let version = crate::circuits::standing(&administrator).version;
    administrator.ok(&bylaws::GROUP, &[], &bylaws::Group { version, units: vec![unit.clone()] });
    let titled = |title: &str, text: &str| {
        let mut content = town.notice(text);
        content.titles.insert(Language::spanish(), title.to_owned());
        author.write(&content)
    };
    let text = "Se corta el agua en la calle Mayor, de nueve a once.";
    let first = author.place(&of(&campaign, &author, &town, text), nine(&author, 8));
    let again = author.place(&titled("Aviso", &format!("{} #Agua", text.to_uppercase())), nine(&author, 12));
    let other = author.place(&titled("Obras", &text.replace("Mayor", "Real")), nine(&author, 13));

    let now = author.now();
    let span = Query { from: Some(now.0), until: Some(now.plus(Millis::days(20)).0), ..Query::default() };
    let rows = author.ok(&posts::LIST, &[], &span).items;
    let row = |post: &PostView| rows.iter().find(|row| row.id == post.post.id).unwrap();
    let says = |post: &PostView| row(post).going[0].says;
    assert!(says(&first).is_some() && says(&first) == says(&again) && says(&first) != says(&other));
    // Of which unit its author is, is told of what others could speak of too.
    assert_eq!((&row(&first).units, &row(&again).units), (&vec![unit.id], &Vec::new()));

    let [moves] = &look(&author, &campaign, 3).moves[..] else { panic!("one is of the campaign") };
    let at = again.post.slot().unwrap().at;
    assert!(moves.minds.contains(&Mind::Same { heading: "Aviso".to_owned(), at }), "{:?}", moves.minds);
    // A day too early to be the same again.
    let [moves] = &look(&author, &campaign, 1).moves[..] else { panic!("one is of the campaign") };
    assert!(!moves.minds.iter().any(|mind| matches!(mind, Mind::Same { .. })), "{:?}", moves.minds);
}

#[test]
fn a_campaign_moves_as_one_and_comes_back_as_one() {
    let town = Town::found("Villa en Bloque");
    let author = town.author();
    let (campaign, _) = crate::campaigns::campaign(&town.administrator(), "Recicla bien");
    // One of each: placed, waiting, written; one that is out, one without an hour, one of no campaign.
    let placed = author.place(&agreed(&town, &author, &of(&campaign, &author, &town, "Uno.")), nine(&author, 8));
    let waiting = author.submit(&of(&campaign, &author, &town, "Dos."));
    let waiting = author.place(&waiting, nine(&author, 9));
    let draft = author.place(&of(&campaign, &author, &town, "Tres."), nine(&author, 10));
    let out = agreed(&town, &author, &of(&campaign, &author, &town, "Cuatro."));
    author.release(&out);
    author.wait_for(&out.post.id, PublicationState::Out);
    of(&campaign, &author, &town, "Cinco.");
    let beside = author.place(&author.write(&town.notice("Seis.")), nine(&author, 15));

    let before = [&placed, &waiting, &draft].map(|post| at(&author, post));
    let looked = look(&author, &campaign, 7);
    let moving: Vec<_> = looked.moves.iter().map(|one| one.post.as_str()).collect();
    assert_eq!(moving, [id(&placed), id(&waiting), id(&draft)]);
    let [stays] = &looked.stays[..] else { panic!("{:?}", looked.stays) };
    assert_eq!((&stays.post, &stays.why), (&out.post.id, &Refusal::WrongStage));
    // The first would come to stand where another goes out on the same channel, saying the same.
    assert!(matches!(looked.moves[0].minds[0], Mind::Again { .. }), "{:?}", looked.moves[0].minds);
    assert_eq!([&placed, &waiting, &draft].map(|post| at(&author, post)), before, "looking moves nothing");

    let moved = author.ok(&REARRANGE, &[], &all(&author, &looked));
    assert_eq!(moved.len(), 3);
    for (post, (from, stage)) in [&placed, &waiting, &draft].into_iter().zip(before) {
        let (to, then) = at(&author, post);
        assert_eq!(then, stage, "where it is stays");
        assert_eq!(author.me.zone.civil(to), author.me.zone.civil(from) + chrono::Days::new(7));
    }
    assert_eq!(due(&author, &placed), [at(&author, &placed).0], "what goes out is laid down anew, once");
    assert!(matches!(author.read(&placed.post.id).post.stage, Stage::Placed { .. }), "the approval stands");
    assert_eq!(at(&author, &beside).0, beside.post.slot().unwrap().at);

    let back = moved.iter().zip(&looked.moves).map(|(now, one)| {
        assert_eq!(now.post, one.post);
        Wanted::at(now.post.clone(), now.version, one.from, &author.me.zone)
    });
    author.ok(&REARRANGE, &[], &Rearrange { moves: back.collect(), because: Because::Undo });
    assert_eq!([&placed, &waiting, &draft].map(|post| at(&author, post)), before);
    assert_eq!(due(&author, &placed), [before[0].0]);

    let kept = crate::record::whole_chain(&town.member(domain::Role::Records), &town);
    let told: Vec<serde_json::Value> = kept
        .iter()
        .filter(|entry| entry.subject == Subject::Placement)
        .filter_map(|entry| serde_json::from_str(entry.body.as_deref()?).ok())
        .filter(|body: &serde_json::Value| body["what"] == "rearranged")
        .collect();
    let [shift, undo] = &told[..] else { panic!("{told:?}") };
    assert_eq!(shift["because"], "shift");
    assert_eq!((shift["count"].as_u64(), shift["campaign"].as_str()), (Some(3), Some(campaign.as_str())));
    assert_eq!(undo["because"], "undo");
    assert_eq!(shift["posts"][0]["from"], before[0].0.0);
}

#[test]
fn where_one_may_not_move_none_does() {
    let town = Town::found("Villa de Todos o Ninguno");
    let author = town.author();
    let (campaign, _) = crate::campaigns::campaign(&town.administrator(), "Aguas");
    let first = author.place(&of(&campaign, &author, &town, "Uno."), nine(&author, 5));
    let second = author.place(&of(&campaign, &author, &town, "Dos."), nine(&author, 6));
    let looked = look(&author, &campaign, 1);
    // A colleague moves one meanwhile.
    let moved = author.place(&second, nine(&author, 20));
    let stale = author.no(&REARRANGE, &[], &all(&author, &looked));
    assert_eq!(stale, Refusal::Stale { current: moved.post.version });
    assert_eq!(at(&author, &first).0, first.post.slot().unwrap().at);
    // Into the past.
    let back = look(&author, &campaign, -10);
    assert_eq!((back.moves.len(), back.stays.len()), (1, 1));
    assert_eq!(back.stays[0].why, Refusal::InThePast);
    let wanted =
        |post: &PostView, civil| Wanted { post: post.post.id.clone(), version: post.post.version, civil, fold: None };
    let yesterday = nine(&author, 0) - chrono::Days::new(1);
    let mixed = Rearrange {
        moves: vec![wanted(&moved, nine(&author, 21)), wanted(&first, yesterday)],
        because: Because::Shift,
    };
    assert_eq!(author.no(&REARRANGE, &[], &mixed), Refusal::InThePast);
    assert_eq!(at(&author, &moved).0, moved.post.slot().unwrap().at);
    // Nothing, too much, twice.
    let of_some = |moves| Rearrange { moves, because: Because::Shift };
    assert!(matches!(author.no(&REARRANGE, &[], &of_some(vec![])), Refusal::Malformed { .. }));
    let twice = vec![wanted(&first, nine(&author, 7)), wanted(&first, nine(&author, 8))];
    assert!(matches!(author.no(&REARRANGE, &[], &of_some(twice)), Refusal::Doubled { .. }));
    let many = (0..=MOST).map(|_| Wanted { post: api_journeys::new_post(), ..wanted(&first, nine(&author, 7)) });
    assert!(matches!(author.no(&REARRANGE, &[], &of_some(many.collect())), Refusal::TooLarge { limit: 20, .. }));
    for bad in [0, 400, -400] {
        assert!(matches!(author.no(&SHIFT, &[campaign.as_str()], &days(bad)), Refusal::Malformed { .. }));
    }
    // Whoever may not publish moves nothing; another town has no such posts.
    let mayor = town.mayor();
    assert!(matches!(mayor.no(&REARRANGE, &[], &all(&author, &looked)), Refusal::NotAllowed { .. }));
    let other = Town::found("Villa Contigua").author();
    assert_eq!(other.no(&REARRANGE, &[], &all(&author, &looked)), Refusal::NotFound);
    assert_eq!(other.no(&SHIFT, &[campaign.as_str()], &days(1)), Refusal::NotFound);
}

#[test]
fn a_campaign_is_not_moved_to_a_day_of_mourning_and_a_hand_may() {
    let town = Town::found("Villa de Luto en Campaña");
    let author = town.author();
    let (campaign, _) = crate::campaigns::campaign(&town.administrator(), "Fiestas");
    let first = author.place(&of(&campaign, &author, &town, "Empiezan las fiestas."), nine(&author, 5));
    let second = author.place(&of(&campaign, &author, &town, "Acaban las fiestas."), nine(&author, 8));
    let held = nine(&author, 7).date();
    let before_it = look(&author, &campaign, 2);
    assert_eq!(before_it.moves.len(), 2, "nothing stands there yet");
    let (kind, text) = (MarkKind::Mourning, "Luto oficial".to_owned());
    let mark = KeepMark { version: 0, kind, text, first: held, last: held };
    author.ok(&KEEP_MARK, &[new_post().as_str()], &mark);
    let looked = look(&author, &campaign, 2);
    assert_eq!((looked.moves.len(), &looked.moves[0].post), (1, &second.post.id));
    assert_eq!((&looked.stays[0].post, &looked.stays[0].why), (&first.post.id, &Refusal::DayHeld));
    // What was looked at before somebody declared it is not written either.
    assert_eq!(author.no(&REARRANGE, &[], &all(&author, &before_it)), Refusal::DayHeld);
    author.ok(&REARRANGE, &[], &all(&author, &looked));
    // Whoever names the day may.
    let placed = author.place(&author.read(&first.post.id), nine(&author, 7));
    assert_eq!(placed.post.slot().map(|slot| slot.civil.date()), Some(held));
}

#[test]
fn an_approval_stands_within_its_times_and_a_post_stays_where_they_end() {
    let town = Town::found("Villa del Margen");
    let author = town.author();
    let (campaign, _) = crate::campaigns::campaign(&town.administrator(), "Fiestas");
    let draft = of(&campaign, &author, &town, "Las fiestas empiezan el viernes.");
    let margin = Margin::Between { from: nine(&author, 3), until: nine(&author, 12) };
    let narrow = posts::Narrow { version: draft.post.version, margin: Some(margin) };
    let draft = author.ok(&posts::NARROW, &[id(&draft)], &narrow);
    let placed = author.place(&agreed(&town, &author, &draft), nine(&author, 5));
    let free = author.place(&of(&campaign, &author, &town, "Otra cosa."), nine(&author, 6));
    let within = look(&author, &campaign, 5);
    assert_eq!(within.moves.len(), 2);
    let outside = look(&author, &campaign, 14);
    assert_eq!((&outside.stays[0].post, &outside.stays[0].why), (&placed.post.id, &Refusal::OutsideEnvelope));
    assert_eq!(outside.moves[0].post, free.post.id);
    author.ok(&REARRANGE, &[], &all(&author, &within));
    assert!(matches!(author.read(&placed.post.id).post.stage, Stage::Placed { .. }));
    // While everything is paused, nothing that is agreed moves; the same as one by one.
    town.administrator().ok(
        &wire::organisations::PAUSE,
        &[],
        &wire::organisations::PauseAll { reason: "Luto.".to_owned() },
    );
    let paused = look(&author, &campaign, -2);
    assert_eq!((&paused.stays[0].post, &paused.stays[0].why), (&placed.post.id, &Refusal::Paused));
    assert_eq!(paused.moves[0].post, free.post.id, "a wish is no promise");
}

#[test]
fn two_change_places_by_one_command() {
    let town = Town::found("Villa del Trueque");
    let author = town.author();
    let one = author.place(&agreed(&town, &author, &author.write(&town.notice("Uno."))), nine(&author, 4));
    let other = author.place(&author.write(&town.notice("Otra.")), nine(&author, 6));
    let stood = |post: &PostView| (post.post.id.clone(), post.post.version, post.post.slot().unwrap().at);
    let moves = swap(stood(&one), stood(&other), &author.me.zone).to_vec();
    let moved = author.ok(&REARRANGE, &[], &Rearrange { moves, because: Because::Swap });
    assert_eq!(moved.len(), 2);
    assert_eq!((at(&author, &one).0, at(&author, &other).0), (stood(&other).2, stood(&one).2));
    assert_eq!((at(&author, &one).1, at(&author, &other).1), (StageName::Placed, StageName::Draft));
}

#[test]
fn as_many_as_may_move_at_once_stay_within_the_budget_of_an_invocation() {
    let town = Town::found("Villa Grande");
    let author = town.author();
    let (campaign, _) = crate::campaigns::campaign(&town.administrator(), "Larga");
    for place in 0..MOST {
        let draft = of(&campaign, &author, &town, &format!("Número {place}."));
        author.place(&agreed(&town, &author, &draft), nine(&author, 3 + place as u64));
    }
    // Whoever asks is thrifty: six trips and forty-five queries at most, or this fails.
    let looked = look(&author, &campaign, 1);
    assert_eq!(looked.moves.len(), MOST);
    assert_eq!(author.ok(&REARRANGE, &[], &all(&author, &looked)).len(), MOST);
    author.place(&of(&campaign, &author, &town, "Una de más."), nine(&author, 40));
    let too_many = author.no(&SHIFT, &[campaign.as_str()], &days(1));
    assert!(matches!(too_many, Refusal::TooLarge { limit: 20, length: 21, .. }), "{too_many:?}");
    let until = author.now().plus(Millis::days(38)).0;
    let narrower = author.ok(&SHIFT, &[campaign.as_str()], &Shift { until: Some(until), ..days(1) });
    assert_eq!(narrower.moves.len(), MOST);
}

#[test]
fn a_calendar_that_is_cut_says_so_and_goes_on_where_it_ended() {
    let town = Town::alone("Villa Repleta");
    let author = town.author();
    for place in 0..7 {
        author.place(&author.write(&town.notice(&format!("Número {place}."))), nine(&author, 2 + place / 2));
    }
    let now = author.now();
    let query = Query { from: Some(now.0), until: Some(now.plus(Millis::days(20)).0), ..Query::default() };
    let whole = author.ok(&posts::LIST, &[], &query);
    assert_eq!((whole.items.len(), whole.next), (7, None));
    // As if three were a thousand. Two posts of one instant stand on either side of the cut.
    town.arm("calendar_cut=10");
    let (mut seen, mut cursor) = (Vec::new(), None);
    for expected in [3, 3, 1] {
        let page = author.ok(&posts::LIST, &[], &Query { cursor: cursor.clone(), ..query.clone() });
        assert_eq!(page.items.len(), expected);
        assert_eq!(page.next.is_some(), expected == 3);
        (seen, cursor) = ([seen, page.items].concat(), page.next);
    }
    assert_eq!(seen, whole.items);
    let elsewhere =
        Query { from: Some(now.plus(Millis::days(10)).0), cursor: Some(format!("{}-{}", now.0, seen[0].id)), ..query };
    assert_eq!(author.no(&posts::LIST, &[], &elsewhere), Refusal::Malformed { field: "cursor".to_owned() });
}
