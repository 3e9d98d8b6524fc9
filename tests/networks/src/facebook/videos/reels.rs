//! Reels of pages: begun, given to be fetched, and told to be shown; then worked on, and shown by themselves once that is over.

use axum::{
    body::Body,
    extract::{Path, State},
    http::Response,
};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Called, Clip, Facebook, How, missing, node, refuse};
use crate::{film::Film, world::answer};

/// How many a page may publish in [`DAY`] (Meta's guide to reels of pages, 2026-07-30).
const MOST: usize = 30;

/// The time that is meant.
const DAY: TimeDelta = TimeDelta::hours(24);

/// The code with which a video breaks that is no reel: the guide's numbers of duration, rate, frame and coding. The code itself is of
/// no guide.
fn unfit(film: Option<&Film>) -> Option<u32> {
    let fits = film.is_some_and(|film| {
        let facts = film.facts;
        let (width, height) = facts.size;
        // 9:16, give or take a hundredth: no even number of pixels comes to it in each height.
        let is_upright = (width * 16).abs_diff(height * 9) * 100 <= height * 9;
        (3_000..=90_000).contains(&facts.millis)
            && (24..=60).contains(&facts.rate())
            && width >= 540
            && height >= 960
            && is_upright
            && [*b"avc1", *b"hvc1", *b"hev1", *b"av01"].contains(&facts.codec)
    });
    (!fits).then_some(1_363_024)
}

impl Facebook {
    /// A page has published as many reels already, of which nobody sees a video here.
    pub(in crate::facebook) fn publish_reels(&mut self, page: &str, count: u64) {
        for _ in 0..count {
            let id = self.video_id();
            self.clips.insert(id, Clip { how: How::Published, is_reel: true, ..Clip::begun(page.to_owned()) });
        }
    }

    /// The reels of a page that were published in the last day.
    fn reels_of_the_day(&self, page: &str) -> usize {
        let since = Utc::now() - DAY;
        let counts = |clip: &&Clip| clip.is_reel && clip.page == page && clip.how == How::Published && clip.at > since;
        self.clips.values().filter(counts).count()
    }

    /// Takes what was fetched for a reel, or that it could not be; nothing if there is no such.
    pub(in crate::facebook) fn take_reel(&mut self, id: &str, fetched: Result<Option<Film>, String>) -> Option<bool> {
        let coming = self.processing;
        let clip = self.clips.get_mut(id).filter(|clip| clip.is_reel && clip.how == How::Begun)?;
        let is_there = fetched.is_ok();
        clip.how = if is_there { How::Coming(coming) } else { How::Unfetched };
        clip.film = fetched.unwrap_or_default();
        Some(is_there)
    }
}

/// Begins one, or has one shown.
pub async fn create((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let mut facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_manage_posts") {
        return refused;
    }
    match asked.text("upload_phase") {
        "start" => {
            let id = facebook.video_id();
            facebook.clips.insert(id.clone(), Clip { is_reel: true, ..Clip::begun(page) });
            let address = format!("{}/video-upload/{}/{id}", world.origin, crate::facebook::VERSION);
            answer(200, json!({ "video_id": id, "upload_url": address }))
        }
        "finish" => {
            let (used, working, breaks) =
                (facebook.reels_of_the_day(&page), facebook.processing, facebook.video_breaks.take());
            let Some(clip) = facebook.clips.get_mut(asked.text("video_id")) else { return missing() };
            if !clip.is_reel || clip.page != page {
                return missing();
            }
            if clip.how != How::Coming(0) {
                return refuse(400, 100, None, "The video is not there yet, or is published already");
            }
            if used >= MOST {
                return refuse(400, 613, None, "Calls to this api have exceeded the rate limit.");
            }
            if asked.text("video_state") != "PUBLISHED" {
                return refuse(400, 100, None, "Param video_state must be PUBLISHED here");
            }
            asked.text("description").clone_into(&mut clip.description);
            clip.at = Utc::now();
            clip.how = match breaks.or_else(|| unfit(clip.film.as_ref())) {
                Some(code) => How::Showing(working, Some(code)),
                None if working == 0 => How::Published,
                None => How::Showing(working, None),
            };
            answer(200, json!({ "success": true }))
        }
        _ => refuse(400, 100, None, "Param upload_phase must be one of {START, FINISH}"),
    }
}

/// The reels of a page that are out, newest first.
pub async fn listed((State(world), Path(page), uri, headers, body): Called) -> Response<Body> {
    let (asked, page) = node(&world, &uri, &headers, &body, &page).await;
    let facebook = world.facebook();
    if let Err(refused) = facebook.on_page(&asked, &page, "pages_read_engagement") {
        return refused;
    }
    let since = asked.text("since").parse().unwrap_or(i64::MIN);
    let is_listed = |clip: &Clip| clip.is_reel && clip.page == page && clip.how == How::Published;
    let clips = facebook.clips.iter().rev().filter(|(_, clip)| is_listed(clip) && clip.at.timestamp() >= since);
    let data: Vec<Value> = clips.map(|(id, clip)| asked.of(&clip.whole(id, &world.origin))).collect();
    answer(200, json!({ "data": data }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::film::Facts;

    #[test]
    fn what_is_no_reel_breaks() {
        let facts = Facts { apple: false, codec: *b"avc1", size: (1_080, 1_920), millis: 90_000, pictures: 2_700 };
        let fits = |facts: Facts| unfit(Some(&Film { bytes: Arc::new(Vec::new()), facts })).is_none();
        assert!(
            fits(facts) && fits(Facts { size: (540, 960), ..facts }) && fits(Facts { size: (608, 1_080), ..facts })
        );
        for odd in [
            Facts { millis: 90_001, ..facts },
            Facts { millis: 2_999, pictures: 90, ..facts },
            Facts { pictures: 2_000, ..facts },
            Facts { size: (1_920, 1_080), ..facts },
            Facts { size: (360, 640), ..facts },
            Facts { codec: *b"vp09", ..facts },
        ] {
            assert!(!fits(odd), "{odd:?}");
        }
        assert!(unfit(None).is_some());
    }
}
