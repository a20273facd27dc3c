//! The line between a phone and the server, and what goes wrong on it.

use canvass_core::engine::SyncRequest;
use canvass_core::sync::Reply;

use crate::simulate::Trouble;
use crate::simulate::campaign::Campaign;
use crate::simulate::chance::Chance;

/// What can happen to a request.
const FAULTS: [&str; 15] = [
    "lost",
    "reply_lost",
    "twice",
    "cut",
    "html",
    "late",
    "again",
    "redirect",
    "401",
    "403",
    "409",
    "413",
    "429",
    "500",
    "503",
];

/// Requests that may come once more, long after.
const MOST_ASTRAY: usize = 40;

/// What came of a request.
pub(super) struct Sent {
    pub(super) reply: Option<Reply>,
    pub(super) fault: Option<&'static str>,
}

/// Sends a request over a line on which `share` of a thousand meet a fault.
pub(super) fn send(
    campaign: &mut Campaign,
    chance: &mut Chance,
    share: u64,
    request: &SyncRequest,
) -> Result<Sent, Trouble> {
    let fault = if chance.permille(share) { chance.one_of(&FAULTS).copied() } else { None };
    let reply = match fault {
        None => Some(campaign.serve(request)?),
        Some("lost") => None,
        Some("late") => {
            keep(campaign, chance, request);
            None
        }
        Some("reply_lost") => {
            campaign.serve(request)?;
            None
        }
        Some("twice") => {
            campaign.serve(request)?;
            Some(campaign.serve(request)?)
        }
        Some("again") => {
            keep(campaign, chance, request);
            Some(campaign.serve(request)?)
        }
        Some("cut") => {
            let reply = campaign.serve(request)?;
            let end = chance.place(reply.body.len());
            Some(Reply { body: reply.body[..end].to_vec(), ..reply })
        }
        Some("html") => Some(answer(200, b"<!DOCTYPE html><p>Please log in")),
        Some("redirect") => Some(answer(302, b"")),
        Some("429") => {
            let wait = u32::try_from(1 + chance.below(600)).unwrap_or(1);
            Some(Reply { retry_after_s: Some(wait), ..answer(429, b"") })
        }
        Some(status) => Some(answer(status.parse().unwrap_or(500), b"")),
    };
    Ok(Sent { reply, fault })
}

fn answer(status: u16, body: &[u8]) -> Reply {
    Reply { status, retry_after_s: None, body: body.to_vec() }
}

fn keep(campaign: &mut Campaign, chance: &mut Chance, request: &SyncRequest) {
    if campaign.astray.len() < MOST_ASTRAY {
        campaign.astray.push(request.clone());
    } else {
        let at = chance.place(MOST_ASTRAY);
        campaign.astray[at] = request.clone();
    }
}

/// A request that went astray arrives, if there is one.
pub(super) fn late_arrival(campaign: &mut Campaign, chance: &mut Chance) -> Result<bool, Trouble> {
    if campaign.astray.is_empty() {
        return Ok(false);
    }
    let at = chance.place(campaign.astray.len());
    let request = campaign.astray.swap_remove(at);
    campaign.serve(&request)?;
    Ok(true)
}
