//! Changes that are kept and shown to nobody: which, why, and taking them in after all.
//!
//! What a phone sent is kept as it was sent. When what a change lacked has come (a script, a file,
//! a later build), it goes through placement again: in the order of its author, exactly once.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::change::{Segment, WireChange};
use canvass_core::id::{CampaignId, CanvasserId, ChangeId, DeviceId};
use canvass_core::merge::SetAsideReason;
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::ingest::Ingest;
use crate::sqlite::push;
use crate::sqlite::rows::{all, execute, from_sql, to_sql};
use crate::storage::{Retried, SetAside};

/// Everything that is set aside, each author's in order.
pub(super) fn list(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Vec<SetAside>, Error> {
    super::campaign::check(tx, campaign)?;
    let sql = "SELECT s.device, s.incarnation, s.number, s.reason, d.canvasser FROM set_aside s
               LEFT JOIN device d ON d.campaign = s.campaign AND d.id = s.device
               WHERE s.campaign = ?1 ORDER BY s.device, s.incarnation, s.number";
    all(tx, sql, [campaign.to_bytes()], |row| {
        let canvasser: Option<[u8; 16]> = row.get(4)?;
        Ok(SetAside {
            change: id_of(row)?,
            canvasser: canvasser.map(CanvasserId::from_bytes),
            reason: SetAsideReason::from_number(row.get(3)?).map(SetAsideReason::name),
        })
    })
}

/// What is set aside for one reason.
pub(super) fn because(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    reason: SetAsideReason,
) -> Result<BTreeSet<ChangeId>, Error> {
    let aside = list(tx, campaign)?.into_iter();
    Ok(aside.filter(|it| it.reason == Some(reason.name())).map(|it| it.change).collect())
}

fn id_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<ChangeId> {
    Ok(ChangeId {
        device: DeviceId::from_bytes(row.get(0)?),
        incarnation: row.get(1)?,
        seq: from_sql(row.get(2)?),
    })
}

/// Takes what is set aside through placement again: all of it, or these changes. `accept_late`
/// takes what came too late, because someone decided so.
pub(super) fn retry(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    only: Option<&BTreeSet<ChangeId>>,
    accept_late: bool,
    now: Timestamp,
) -> Result<Retried, Error> {
    let aside: Vec<ChangeId> = list(tx, campaign)?
        .into_iter()
        .map(|aside| aside.change)
        .filter(|id| only.is_none_or(|only| only.contains(id)))
        .collect();
    let mut ingest = Ingest::new(tx, campaign, now)?;
    ingest.accept_late = accept_late;
    for (segment, changes) in readable(tx, campaign, &aside)? {
        let Some(author) = push::author(tx, &segment.header)? else { continue };
        for change in &changes {
            let sql = "DELETE FROM set_aside
                       WHERE campaign = ?1 AND device = ?2 AND incarnation = ?3 AND number = ?4";
            execute(
                tx,
                sql,
                params![
                    campaign.to_bytes(),
                    change.id.device.to_bytes(),
                    change.id.incarnation,
                    to_sql(change.id.seq)
                ],
            )?;
        }
        ingest.take_in(&segment.header, &author, changes)?;
    }
    let mut left = 0;
    for id in &aside {
        left += u32::from(ingest.reason(*id)?.is_some());
    }
    let taken_in = u32::try_from(aside.len()).unwrap_or(u32::MAX) - left;
    Ok(Retried { taken_in, set_aside: left })
}

/// The segments that hold these changes, in their authors' order, each with those of its changes;
/// what this build cannot read stays where it is.
fn readable(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    aside: &[ChangeId],
) -> Result<Vec<(Segment, Vec<WireChange>)>, Error> {
    let wanted: BTreeSet<ChangeId> = aside.iter().copied().collect();
    let mut segments: BTreeMap<ChangeId, Vec<u8>> = BTreeMap::new();
    for id in aside {
        let sql = "SELECT first_seq, bytes FROM segment WHERE campaign = ?1 AND device = ?2
                     AND incarnation = ?3 AND first_seq <= ?4 AND first_seq + count > ?4
                     AND state <> ?5";
        let key = params![
            campaign.to_bytes(),
            id.device.to_bytes(),
            id.incarnation,
            to_sql(id.seq),
            push::FORKED
        ];
        let found: Vec<(i64, Vec<u8>)> = all(tx, sql, key, |row| Ok((row.get(0)?, row.get(1)?)))?;
        segments.extend(
            found
                .into_iter()
                .map(|(first, bytes)| (ChangeId { seq: from_sql(first), ..*id }, bytes)),
        );
    }
    let mut readable = Vec::new();
    let mut seen = BTreeSet::new();
    for bytes in segments.into_values() {
        let Ok(segment) = Segment::read(bytes) else { continue };
        let Ok(changes) = segment.changes() else { continue };
        let changes: Vec<WireChange> = changes
            .into_iter()
            .filter(|change| wanted.contains(&change.id) && seen.insert(change.id))
            .collect();
        if !changes.is_empty() {
            readable.push((segment, changes));
        }
    }
    Ok(readable)
}
