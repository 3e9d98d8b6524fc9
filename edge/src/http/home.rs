//! The home page, and the engine's health.

use domain::Moment;
use serde::Deserialize;
use wire::{Nothing, home};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    binds,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    mount(api, &home::HEALTH, health)
}

async fn health(ask: Ask<Nothing>) -> Result<home::Vitals, Refused> {
    #[derive(Deserialize)]
    struct Row {
        set_up: u8,
        cron_at: Option<f64>,
        wake_at: Option<f64>,
        overdue: u8,
    }
    let now = ask.app.now();
    let sql = "SELECT EXISTS (SELECT 1 FROM organisation) AS set_up, cron_at, wake_at,
      EXISTS (SELECT 1 FROM act WHERE state = 'waiting' AND due_at < ?1) AS overdue FROM heartbeat WHERE id = 1";
    let late = now.minus(domain::Millis::minutes(2));
    let row: Option<Row> = ask.app.db.first(sql, binds![late]).await?;
    let row = row.ok_or(domain::Refusal::Unavailable)?;
    let moment = |at: Option<f64>| at.map(|at| Moment(at as i64));
    Ok(home::Vitals {
        set_up: row.set_up == 1,
        cron: moment(row.cron_at),
        wake: moment(row.wake_at),
        overdue: row.overdue == 1,
        now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
