//! The rarer kinds of change, each as one block of bytes.
//!
//! A kind's fields never change: a new field is a new kind. So a block that does not read to
//! its very end is not this build's to understand; it stays as it is, as an unknown kind.

use crate::change::body::kind;
use crate::change::bytes::{CodecError, In, Out};
use crate::change::{
    Body, ContactBody, ContactMark, ContactMedium, CorrectedField, CorrectionBody, DoorMetBody,
    ImportedBody, ImportedField, ImportedWrite, MemberRef, PersonMetBody, talk,
};
use crate::geometry::Point;
use crate::id::{ChangeId, DeviceId};
use crate::walklist::{Access, Address};

/// The block of a kind that has no columns of its own, in the row of this change.
///
/// # Panics
/// For the kinds that do have columns: the encoder never asks for those.
pub(super) fn encoded(row: ChangeId, body: &Body<MemberRef>) -> Vec<u8> {
    let mut out = Out::default();
    match body {
        Body::Contact(contact) => {
            out.byte(contact.medium as u8);
            out.byte(contact.mark as u8);
            out.text(&contact.value);
        }
        Body::PersonMet(person) => {
            out.text(&person.given_name);
            out.text(&person.family_name);
            out.text(&person.language);
        }
        Body::DoorMet(door) => {
            let address = &door.address;
            for part in
                [&address.house_number, &address.street, &address.unit, &address.town, &address.zip]
            {
                out.text(part);
            }
            let (lat, lon) = door.point.to_e7();
            out.signed(i64::from(lat));
            out.signed(i64::from(lon));
        }
        Body::Imported(imported) => {
            out.varint(imported.writes.len() as u64);
            imported.writes.iter().for_each(|write| write_imported(&mut out, write));
        }
        Body::Correction(correction) => {
            out.byte(correction.field.imported().number());
            out.text(&correction.value);
        }
        Body::Ask(ask) => talk::write_ask(&mut out, row, ask),
        Body::FollowUp(follow_up) => talk::write_follow_up(&mut out, row, follow_up),
        Body::Literature(attempt) => talk::write_reference(&mut out, row, Some(*attempt)),
        Body::Reach(reach) => talk::write_reach(&mut out, row, reach),
        Body::Access(access) => out.byte(access.number()),
        Body::Erasure | Body::Erased | Body::Claim => {}
        Body::Unknown { bytes, .. } => out.raw(bytes),
        Body::Attempt(_)
        | Body::Answer(_)
        | Body::Suppression(_)
        | Body::Note(_)
        | Body::Undo(_) => unreachable!("kinds with columns are not blocks"),
    }
    out.0
}

/// What a block says; an unknown kind when it does not read to its end.
pub(super) fn decoded(row: ChangeId, kind: u16, block: &[u8]) -> Body<MemberRef> {
    known(row, kind, block).unwrap_or_else(|_| Body::Unknown { kind, bytes: block.to_vec() })
}

fn known(row: ChangeId, kind: u16, block: &[u8]) -> Result<Body<MemberRef>, CodecError> {
    let mut bytes = In(block);
    let body = match kind {
        kind::CONTACT => Body::Contact(ContactBody {
            medium: match bytes.byte()? {
                1 => ContactMedium::Phone,
                2 => ContactMedium::Email,
                _ => return Err(CodecError::Malformed { what: "contact" }),
            },
            mark: match bytes.byte()? {
                1 => ContactMark::Good,
                2 => ContactMark::Wrong,
                3 => ContactMark::Primary,
                _ => return Err(CodecError::Malformed { what: "contact" }),
            },
            value: bytes.text()?,
        }),
        kind::PERSON_MET => Body::PersonMet(PersonMetBody {
            given_name: bytes.text()?,
            family_name: bytes.text()?,
            language: bytes.text()?,
        }),
        kind::DOOR_MET => Body::DoorMet(door_met(&mut bytes)?),
        kind::IMPORTED | kind::IMPORTED_LATER => {
            let (count, is_later) = (bytes.count()?, kind == kind::IMPORTED_LATER);
            let writes = (0..count).map(|_| read_imported(&mut bytes)).collect::<Result<_, _>>()?;
            let file = ImportedBody { writes };
            if is_later && file.writes.is_empty()
                || file.writes.iter().any(|write| write.field.is_later() != is_later)
            {
                return Err(CodecError::Malformed { what: "imported field" });
            }
            Body::Imported(file)
        }
        kind::CORRECTION => {
            let field = ImportedField::from_number(bytes.byte()?).and_then(CorrectedField::of);
            let field = field.ok_or(CodecError::Malformed { what: "corrected field" })?;
            Body::Correction(CorrectionBody { field, value: bytes.text()? })
        }
        kind::ERASURE => Body::Erasure,
        kind::ERASED => Body::Erased,
        kind::CLAIM => Body::Claim,
        kind::ASK => Body::Ask(talk::read_ask(&mut bytes, row)?),
        kind::FOLLOW_UP => Body::FollowUp(talk::read_follow_up(&mut bytes, row)?),
        kind::REACH => Body::Reach(talk::read_reach(&mut bytes, row)?),
        kind::ACCESS => {
            let access = Access::from_number(bytes.byte()?);
            Body::Access(access.ok_or(CodecError::Malformed { what: "access" })?)
        }
        kind::LITERATURE => Body::Literature(talk::read_attempt(&mut bytes, row)?),
        _ => {
            return Err(CodecError::Malformed { what: "kind of change" });
        }
    };
    bytes.end()?;
    Ok(body)
}

fn door_met(bytes: &mut In<'_>) -> Result<DoorMetBody, CodecError> {
    let address = Address {
        house_number: bytes.text()?,
        street: bytes.text()?,
        unit: bytes.text()?,
        town: bytes.text()?,
        zip: bytes.text()?,
    };
    let mut degree =
        || i32::try_from(bytes.signed()?).map_err(|_| CodecError::Malformed { what: "position" });
    let point = Point::from_e7(degree()?, degree()?);
    let point = Point::new(point.lat, point.lon);
    let point = point.map_err(|_| CodecError::Malformed { what: "position" })?;
    Ok(DoorMetBody { address, point })
}

fn write_imported(out: &mut Out, write: &ImportedWrite<MemberRef>) {
    match write.member {
        None => out.varint(0),
        Some(MemberRef::Number(number)) => out.varint(u64::from(number) << 1),
        Some(MemberRef::Met(change)) => {
            out.varint(1);
            out.raw(&change.device.to_bytes());
            out.varint(u64::from(change.incarnation));
            out.varint(change.seq);
        }
    }
    out.byte(write.field.number());
    out.varint(write.previous.unwrap_or(0));
    out.text(&write.value);
}

fn read_imported(bytes: &mut In<'_>) -> Result<ImportedWrite<MemberRef>, CodecError> {
    const MALFORMED: CodecError = CodecError::Malformed { what: "imported field" };
    let member = match bytes.varint()? {
        0 => None,
        1 => Some(MemberRef::Met(ChangeId {
            device: DeviceId::from_bytes(bytes.array()?),
            incarnation: bytes.varint_u32()?,
            seq: bytes.varint()?,
        })),
        head if head & 1 == 0 => {
            Some(MemberRef::Number(u32::try_from(head >> 1).map_err(|_| MALFORMED)?))
        }
        _ => return Err(MALFORMED),
    };
    let field = ImportedField::from_number(bytes.byte()?).ok_or(MALFORMED)?;
    let previous = Some(bytes.varint()?).filter(|n| *n != 0);
    Ok(ImportedWrite { member, field, previous, value: bytes.text()? })
}
