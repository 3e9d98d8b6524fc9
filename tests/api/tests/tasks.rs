//! Tasks: asked for, taken up, finished; who may not; what is told; the report and its file.

use api_journeys::{Member, Town, new_post, send_as, url};
use domain::{
    Act, Millis, Refusal, Role, TaskId, UnitId,
    bylaws::Unit,
    record::Subject,
    task::{About, Assignee, Request, State, StateName, Urgency},
};
use wire::{
    Nothing, bylaws, home, people,
    tasks::{self, Advance, HandOn, Query, Span, TaskRow, Tasks, Whose},
};

/// An identity as the desk draws one.
pub fn new_task() -> TaskId {
    new_post().as_str().parse().unwrap()
}

fn of(member: &Member) -> Assignee {
    Assignee::Member { member: member.me.member.clone() }
}

fn request(title: &str, to: &Member) -> Request {
    Request {
        title: title.to_owned(),
        instructions: "Con la luz de la mañana.".to_owned(),
        about: About::Nothing,
        assignee: of(to),
        due: None,
        urgency: Urgency::Normal,
    }
}

fn ask(by: &Member, request: &Request) -> TaskRow {
    by.ok(&tasks::ASK, &[new_task().as_str()], request)
}

fn advance(by: &Member, row: &TaskRow, state: State) -> TaskRow {
    by.ok(&tasks::ADVANCE, &[row.task.id.as_str()], &Advance { state })
}

fn list(by: &Member, whose: Whose, state: Option<StateName>) -> Tasks {
    by.ok(&tasks::LIST, &[], &Query { whose, state, cursor: None })
}

fn titles(tasks: &Tasks) -> Vec<&str> {
    tasks.items.iter().map(|row| row.task.title.as_str()).collect()
}

fn span(town: &Town) -> Span {
    Span { from: town.now().minus(Millis::days(1)), until: town.now().plus(Millis::days(1)) }
}

#[test]
fn a_task_is_asked_for_taken_up_finished_and_kept_in_the_record() {
    let town = Town::found("Villa Atareada");
    let (author, designer) = (town.author(), town.member(Role::Designer));
    let draft = author.write(&town.notice("La fuente vuelve a manar."));
    let wanted =
        Request { about: About::Post { post: draft.post.id.clone() }, ..request("Foto de la fuente", &designer) };
    let id = new_task();
    let row = author.ok(&tasks::ASK, &[id.as_str()], &wanted);
    assert_eq!(author.ok(&tasks::ASK, &[id.as_str()], &wanted), row);
    assert_eq!(row.post.as_ref().map(|linked| &linked.post), Some(&draft.post.id));
    assert_eq!(titles(&list(&designer, Whose::Mine, None)), ["Foto de la fuente"]);
    assert_eq!(titles(&list(&author, Whose::Mine, None)), [""; 0]);
    assert_eq!(titles(&list(&author, Whose::Asked, None)), ["Foto de la fuente"]);
    let address = format!("designer@{}.example", town.founded.slug);
    assert_eq!(town.mails(&address).iter().filter(|mail| mail.subject.contains("Foto de la fuente")).count(), 1);

    advance(&designer, &row, State::Doing);
    let waiting = State::Waiting { reason: "Falta la llave.".to_owned() };
    advance(&designer, &row, waiting);
    advance(&designer, &row, State::Doing);
    let done = advance(&designer, &row, State::Done);
    assert_eq!(done.task.history.len(), 5);
    assert_eq!(titles(&list(&designer, Whose::Mine, None)), [""; 0]);
    assert_eq!(titles(&list(&designer, Whose::Mine, Some(StateName::Done))), ["Foto de la fuente"]);
    let address = format!("author@{}.example", town.founded.slug);
    assert_eq!(town.mails(&address).iter().filter(|mail| mail.subject.contains("Foto de la fuente")).count(), 1);

    let kept = crate::record::whole_chain(&author, &town);
    assert_eq!(kept.iter().filter(|entry| entry.subject == Subject::Task).count(), 5);
}

#[test]
fn what_may_not_be_is_refused_with_its_own_word() {
    let town = Town::found("Villa Exigente");
    let (author, designer, mayor) = (town.author(), town.member(Role::Designer), town.mayor());
    let observer = town.member(Role::Observer);
    let row = ask(&author, &request("Foto", &designer));
    let path = [row.task.id.as_str()];
    let state = |state| Advance { state };
    assert_eq!(mayor.no(&tasks::ADVANCE, &path, &state(State::Doing)), Refusal::TaskOfAnother);
    assert_eq!(observer.no(&tasks::ADVANCE, &path, &state(State::Doing)), Refusal::NotAllowed { act: Act::Task });
    assert_eq!(designer.no(&tasks::ADVANCE, &path, &state(State::Done)), Refusal::TaskElsewhere);
    let silent = State::NotDone { reason: " ".to_owned() };
    assert_eq!(designer.no(&tasks::ADVANCE, &path, &state(silent)), Refusal::ReasonWanted);
    assert_eq!(mayor.no(&tasks::HAND_ON, &path, &HandOn { to: of(&mayor) }), Refusal::TaskOfAnother);
    assert_eq!(author.no(&tasks::HAND_ON, &path, &HandOn { to: of(&observer) }), Refusal::NotFound);

    let no = |request: Request| author.no(&tasks::ASK, &[new_task().as_str()], &request);
    let title = || Refusal::Malformed { field: "title".to_owned() };
    assert_eq!(no(request(" ", &designer)), title());
    assert_eq!(no(request("Foto\u{202e}", &designer)), title());
    let one_line = ask(&author, &request("Foto\r\nBcc: a@b.example", &designer));
    assert_eq!(one_line.task.title, "Foto Bcc: a@b.example", "a title is a line, and the subject of a mail");
    assert_eq!(no(request("Foto", &observer)), Refusal::NotFound);
    let due = |due| Request { due: Some(due), ..request("Foto", &designer) };
    assert_eq!(no(due(town.now().minus(Millis::days(1)))), Refusal::InThePast);
    assert_eq!(no(due(town.now().plus(Millis::days(800)))), Refusal::TooFar);
    let about = Request { about: About::Post { post: new_post() }, ..request("Foto", &designer) };
    assert_eq!(no(about), Refusal::NotFound);
    let foreign = town.neighbour("Villa de al lado");
    assert_eq!(no(request("Foto", &foreign.member(Role::Designer))), Refusal::NotFound);
}

#[test]
fn an_agency_sees_only_its_own() {
    let town = Town::found("Villa Discreta");
    let (author, designer, agency) = (town.author(), town.member(Role::Designer), town.member(Role::Agency));
    let inner = ask(&author, &request("Asunto interno", &designer));
    ask(&author, &request("Cartel de la feria", &agency));
    assert_eq!(titles(&list(&agency, Whose::All, None)), ["Cartel de la feria"]);
    assert_eq!(list(&author, Whose::All, None).items.len(), 2);
    let no = agency.no(&tasks::ADVANCE, &[inner.task.id.as_str()], &Advance { state: State::Doing });
    assert_eq!(no, Refusal::NotFound);
}

#[test]
fn what_presses_is_on_the_home_page_and_nothing_is_left_to_nobody() {
    let town = Town::found("Villa Puntual");
    let (author, designer, admin) = (town.author(), town.member(Role::Designer), town.administrator());
    let soon = Request { due: Some(town.now().plus(Millis::minutes(1))), ..request("Para ya", &author) };
    ask(&author, &soon);
    ask(&author, &Request { due: Some(town.now().plus(Millis::days(3))), ..request("Más tarde", &author) });
    let left = ask(&author, &request("Sin dueño", &designer));
    admin.ok(&people::REMOVE_MEMBER, &[designer.me.member.as_str()], &Nothing {});
    let pressing = author.ok(&home::HOME, &[], &Nothing {}).tasks;
    let pressing: Vec<_> = pressing.iter().map(|task| (task.title.as_str(), task.orphan)).collect();
    assert_eq!(pressing, [("Para ya", false), ("Sin dueño", true)]);
    let row = list(&author, Whose::Asked, None).items.into_iter().find(|row| row.orphan).unwrap();
    assert_eq!(row.task.id, left.task.id);
    // Nobody's: whoever has tasks may give it to somebody.
    let mayor = town.mayor();
    let handed = mayor.ok(&tasks::HAND_ON, &[left.task.id.as_str()], &HandOn { to: of(&mayor) });
    assert!(!handed.orphan && handed.task.assignee == of(&mayor));
}

#[test]
fn a_long_list_comes_in_pages_without_losing_one() {
    let town = Town::found("Villa Larga");
    let author = town.author();
    for number in 0..53 {
        let urgency = [Urgency::Low, Urgency::Normal, Urgency::High][number % 3];
        ask(&author, &Request { urgency, ..request(&format!("Tarea {number}"), &author) });
    }
    let first = list(&author, Whose::Mine, None);
    let query = Query { whose: Whose::Mine, state: None, cursor: first.next.clone() };
    let second = author.ok(&tasks::LIST, &[], &query);
    assert_eq!((first.items.len(), second.items.len(), second.next), (50, 3, None));
    assert_eq!(first.items[0].task.urgency, Urgency::High);
    assert!(second.items.iter().all(|row| first.items.iter().all(|other| other.task.id != row.task.id)));
}

#[test]
fn the_report_counts_by_person_and_its_file_runs_no_formula() {
    let town = Town::found("Villa Contable");
    let (author, designer, admin) = (town.author(), town.member(Role::Designer), town.administrator());
    let change = people::ChangeMember {
        name: "=HYPERLINK(\"https://malo.example\",\"x\")".to_owned(),
        email: None,
        role: Role::Designer,
        access: domain::Access::Everywhere,
    };
    admin.ok(&people::CHANGE_MEMBER, &[designer.me.member.as_str()], &change);
    let row = ask(&author, &request("Foto", &designer));
    advance(&designer, &row, State::Doing);
    advance(&designer, &row, State::Done);
    ask(&author, &request("Texto", &author));
    let report = author.ok(&tasks::REPORT, &[], &span(&town));
    let counts: Vec<_> = report.lines.iter().map(|line| (&line.assignee, line.open, line.done)).collect();
    assert!(counts.contains(&(&of(&designer), 0, 1)) && counts.contains(&(&of(&author), 1, 0)), "{counts:?}");

    let Span { from, until } = span(&town);
    let path = format!("{}?from={}&until={}", tasks::REPORT_FILE.pattern, from.0, until.0);
    let file = send_as(Some(&author.session), wire::Method::Get, &path, b"");
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"), "{}", url());
    assert!(file.header("content-disposition").starts_with("attachment"));
    let text = file.text();
    assert!(text.starts_with("\u{feff}Persona o unidad,Qué es,Sin empezar,"), "{text}");
    assert!(
        text.contains("\r\n\"'=HYPERLINK(\"\"https://malo.example\"\",\"\"x\"\")\",Persona,0,0,0,1,0,0,0\r\n"),
        "{text}"
    );
    let backwards = Span { from: until, until: from };
    let malformed = Refusal::Malformed { field: "span".to_owned() };
    assert_eq!(author.no(&tasks::REPORT, &[], &backwards), malformed);
}

/// Makes one unit of some members.
fn unit_of(town: &Town, name: &str, members: &[&Member]) -> Assignee {
    let admin = town.administrator();
    let id = UnitId::from_bits(3);
    let members = members.iter().map(|member| member.me.member.clone()).collect();
    let version = admin.ok(&bylaws::BYLAWS, &[], &Nothing {}).version;
    let units = vec![Unit { id: id.clone(), name: name.to_owned(), members }];
    admin.ok(&bylaws::GROUP, &[], &bylaws::Group { version, units });
    Assignee::Unit { unit: id }
}

#[test]
fn a_units_task_is_for_whoever_of_it_begins() {
    let town = Town::found("Villa de las Áreas");
    let (author, designer, mayor) = (town.author(), town.member(Role::Designer), town.mayor());
    let community = town.member(Role::Community);
    let works = unit_of(&town, "Obras", &[&designer, &community]);
    let wanted = Request {
        assignee: works.clone(),
        due: Some(town.now().plus(Millis::minutes(1))),
        ..request("Foto de la zanja", &designer)
    };
    let row = ask(&author, &wanted);
    assert_eq!((&row.task.assignee, row.orphan), (&works, false));
    // Each of the unit sees it, is told, and has it on the home page; nobody else has it as theirs.
    for (member, role) in [(&designer, "designer"), (&community, "community")] {
        assert_eq!(titles(&list(member, Whose::Unit, None)), ["Foto de la zanja"], "{role}");
        assert_eq!(titles(&list(member, Whose::Mine, None)), [""; 0], "{role}");
        let address = format!("{role}@{}.example", town.founded.slug);
        assert_eq!(town.mails(&address).iter().filter(|mail| mail.subject.contains("zanja")).count(), 1, "{role}");
        let pressing = member.ok(&home::HOME, &[], &Nothing {}).tasks;
        assert_eq!(pressing.iter().filter(|task| task.title == "Foto de la zanja").count(), 1, "{role}");
    }
    let units = list(&designer, Whose::Unit, None).units;
    assert_eq!(
        units.iter().map(|unit| (unit.name.as_str(), unit.takes, unit.mine)).collect::<Vec<_>>(),
        [("Obras", true, true)]
    );
    assert_eq!(titles(&list(&mayor, Whose::Unit, None)), [""; 0]);
    let asked: Vec<_> = author.ok(&home::HOME, &[], &Nothing {}).tasks.iter().map(|task| task.orphan).collect();
    assert_eq!(asked, [false; 0], "it is not left to nobody");
    let path = [row.task.id.as_str()];
    assert_eq!(mayor.no(&tasks::ADVANCE, &path, &Advance { state: State::Doing }), Refusal::TaskOfAnother);

    let taken = advance(&community, &row, State::Doing);
    assert_eq!(taken.task.assignee, of(&community));
    assert_eq!(designer.no(&tasks::ADVANCE, &path, &Advance { state: State::Done }), Refusal::TaskOfAnother);
    assert_eq!(titles(&list(&designer, Whose::Unit, None)), ["Foto de la zanja"], "the unit still knows of it");
    assert!(designer.ok(&home::HOME, &[], &Nothing {}).tasks.is_empty());
    advance(&community, &row, State::Done);

    // The report: by person and by unit; and so in the file.
    let report = author.ok(&tasks::REPORT, &[], &span(&town));
    let lines: Vec<_> = report.lines.iter().map(|line| (&line.assignee, line.name.as_str(), line.done)).collect();
    assert!(lines.contains(&(&works, "Obras", 1)), "{lines:?}");
    assert!(lines.iter().any(|(assignee, _, done)| **assignee == of(&community) && *done == 1), "{lines:?}");
    let Span { from, until } = span(&town);
    let path = format!("{}?from={}&until={}", tasks::REPORT_FILE.pattern, from.0, until.0);
    let file = send_as(Some(&author.session), wire::Method::Get, &path, b"").text();
    assert!(file.contains("\r\nObras,Unidad,0,0,0,1,0,0,0\r\n"), "{file}");
}

#[test]
fn a_unit_of_nobody_is_not_asked_and_its_tasks_are_said_to_be_nobodys() {
    let town = Town::found("Villa Desierta");
    let (author, designer, agency) = (town.author(), town.member(Role::Designer), town.member(Role::Agency));
    let observer = town.member(Role::Observer);
    let idle = unit_of(&town, "Mirones", &[&observer]);
    let no = author.no(&tasks::ASK, &[new_task().as_str()], &Request { assignee: idle, ..request("Foto", &designer) });
    assert_eq!(no, Refusal::NotFound, "nobody in it may have tasks");
    let works = unit_of(&town, "Obras", &[&designer, &agency]);
    let row = ask(&author, &Request { assignee: works.clone(), ..request("Foto", &designer) });
    // An agency sees what its unit was asked for, and nothing else of its colleagues.
    ask(&author, &request("Asunto interno", &designer));
    assert_eq!(titles(&list(&agency, Whose::Unit, None)), ["Foto"]);
    assert_eq!(titles(&list(&agency, Whose::All, None)), ["Foto"]);
    assert_eq!(list(&designer, Whose::Unit, None).items.len(), 2);
    // The unit is dissolved: whoever asked finds it on the home page, and hands it on.
    let admin = town.administrator();
    let version = admin.ok(&bylaws::BYLAWS, &[], &Nothing {}).version;
    admin.ok(&bylaws::GROUP, &[], &bylaws::Group { version, units: vec![] });
    let pressing = author.ok(&home::HOME, &[], &Nothing {}).tasks;
    assert_eq!(pressing.iter().map(|task| (task.title.as_str(), task.orphan)).collect::<Vec<_>>(), [("Foto", true)]);
    let handed = author.ok(&tasks::HAND_ON, &[row.task.id.as_str()], &HandOn { to: of(&designer) });
    assert_eq!((handed.orphan, handed.task.unit), (false, None));
}
