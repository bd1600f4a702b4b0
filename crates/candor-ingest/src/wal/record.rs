//! Frames and the records in them, as bytes. See the format in [`super`]. No files here.

use candor_collect::{Hit, HitDecodeError};
use candor_core::{Consent, LegalBasis};

/// Bytes of a frame's header.
pub(crate) const FRAME_HEADER: usize = 24;
/// Frames begin at multiples of this.
pub(crate) const ALIGN: usize = 8;
/// More is refused; a bulk request is far smaller.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 32 << 20;
const FRAME_MAGIC: u32 = 0x4D52_4643; // "CFRM"
/// A record's kind is in the bits above those of its length.
const LENGTH_BITS: u32 = 28;
/// Hits of before the legal basis was kept: a log may hold them when the program is replaced.
const KIND_HIT_WITHOUT_BASIS: u32 = 0;
const KIND_CONSENT: u32 = 1;
const KIND_HIT: u32 = 2;

/// What the log keeps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    Hit(Box<Hit>),
    Consent(Consent),
}

/// A record of the log that is whole but not readable.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A hit.
    #[error(transparent)]
    Hit(#[from] HitDecodeError),
    /// A consent record.
    #[error("the consent record can't be decoded: {0}")]
    Consent(#[from] serde_json::Error),
    /// Neither.
    #[error("it is of the unknown kind {0}")]
    Kind(u32),
}

/// The records of one append, encoded.
#[derive(Debug, Default)]
pub(crate) struct Unit {
    /// The payload's part.
    pub(crate) bytes: Vec<u8>,
    /// How many hits and consent records.
    pub(crate) hits: u32,
}

impl Unit {
    /// Encodes the hits of one append.
    pub(crate) fn encode(hits: &[Hit]) -> Result<Self, RecordError> {
        let mut unit = Self { bytes: Vec::with_capacity(hits.len() * 512), hits: 0 };
        for hit in hits {
            unit.push(KIND_HIT, |bytes| Ok(hit.encode(bytes)?))?;
        }
        Ok(unit)
    }

    /// Encodes a consent record.
    pub(crate) fn of_consent(consent: &Consent) -> Result<Self, RecordError> {
        let mut unit = Self::default();
        unit.push(KIND_CONSENT, |bytes| Ok(serde_json::to_writer(bytes, consent)?))?;
        Ok(unit)
    }

    fn push(
        &mut self,
        kind: u32,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let start = self.bytes.len();
        self.bytes.extend([0; 4]);
        write(&mut self.bytes)?;
        // More than the bits can say is more than a payload may have, and is refused.
        let length = (self.bytes.len() - start - 4) as u32;
        if let Some(place) = self.bytes.get_mut(start..start + 4) {
            place.copy_from_slice(&(kind << LENGTH_BITS | length).to_le_bytes());
        }
        self.hits += 1;
        Ok(())
    }
}

/// What one sync makes durable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frame {
    /// Sequence number of the first hit.
    pub(crate) first_seq: u64,
    /// How many hits.
    pub(crate) hits: u32,
    /// The whole frame with header and padding.
    bytes: Vec<u8>,
    payload: usize,
}

impl Frame {
    /// Puts units together.
    pub(crate) fn build<'a>(first_seq: u64, units: impl Iterator<Item = &'a Unit> + Clone) -> Self {
        let payload: usize = units.clone().map(|u| u.bytes.len()).sum();
        let mut hits = 0;
        let mut bytes = Vec::with_capacity((FRAME_HEADER + payload).next_multiple_of(ALIGN));
        bytes.extend([0; FRAME_HEADER]);
        for unit in units {
            hits += unit.hits;
            bytes.extend_from_slice(&unit.bytes);
        }
        let crc = checksum(payload as u32, first_seq, hits, bytes.get(FRAME_HEADER..).unwrap_or_default());
        let header = [
            &FRAME_MAGIC.to_le_bytes()[..],
            &(payload as u32).to_le_bytes(),
            &first_seq.to_le_bytes(),
            &hits.to_le_bytes(),
            &crc.to_le_bytes(),
        ]
        .concat();
        if let Some(place) = bytes.get_mut(..FRAME_HEADER) {
            place.copy_from_slice(&header);
        }
        bytes.resize(bytes.len().next_multiple_of(ALIGN), 0);
        Self { first_seq, hits, bytes, payload }
    }

    /// The frame at the beginning of `bytes`; `None` when there is no whole, undamaged one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let header = bytes.get(..FRAME_HEADER)?;
        if u32_at(header, 0)? != FRAME_MAGIC {
            return None;
        }
        let payload = u32_at(header, 4)? as usize;
        let first_seq = u64_at(header, 8)?;
        let hits = u32_at(header, 16)?;
        let crc = u32_at(header, 20)?;
        if payload > PAYLOAD_BYTES_MAX {
            return None;
        }
        let data = bytes.get(FRAME_HEADER..FRAME_HEADER + payload)?;
        if checksum(payload as u32, first_seq, hits, data) != crc {
            return None;
        }
        let length = (FRAME_HEADER + payload).next_multiple_of(ALIGN);
        Some(Self { first_seq, hits, bytes: bytes.get(..length)?.to_vec(), payload })
    }

    /// As it is on disk.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Sequence number after its last hit.
    pub(crate) fn end_seq(&self) -> u64 {
        self.first_seq + u64::from(self.hits)
    }

    /// Its records with their sequence numbers.
    pub(crate) fn records(&self) -> impl Iterator<Item = Result<(u64, Record), RecordError>> + '_ {
        let mut rest = self.bytes.get(FRAME_HEADER..FRAME_HEADER + self.payload).unwrap_or_default();
        (self.first_seq..self.end_seq()).map(move |seq| {
            let (head, after) = rest.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
            let head = u32::from_le_bytes(*head);
            let length = head & ((1 << LENGTH_BITS) - 1);
            let (bytes, after) = after.split_at_checked(length as usize).unwrap_or((&[], &[]));
            rest = after;
            let record = match head >> LENGTH_BITS {
                KIND_HIT => Record::Hit(Box::new(Hit::decode(bytes)?)),
                // The basis is the last field.
                KIND_HIT_WITHOUT_BASIS => {
                    Record::Hit(Box::new(Hit::decode(&[bytes, &[LegalBasis::Unstated as u8]].concat())?))
                }
                KIND_CONSENT => Record::Consent(serde_json::from_slice(bytes)?),
                kind => return Err(RecordError::Kind(kind)),
            };
            Ok((seq, record))
        })
    }
}

fn checksum(payload_bytes: u32, first_seq: u64, hits: u32, payload: &[u8]) -> u32 {
    let crc = crc32c::crc32c(&payload_bytes.to_le_bytes());
    let crc = crc32c::crc32c_append(crc, &first_seq.to_le_bytes());
    let crc = crc32c::crc32c_append(crc, &hits.to_le_bytes());
    crc32c::crc32c_append(crc, payload)
}

/// The number at an offset.
pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().copied().map(u32::from_le_bytes)
}

/// The number at an offset.
pub(crate) fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    bytes.get(offset..)?.first_chunk().copied().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::hits::{accepted, page};

    #[test]
    fn what_is_read_is_what_was_built() {
        let units = [vec![page(0, "A", "/a"), page(1, "B", "/b")], vec![page(2, "A", "/c")]];
        let mut encoded: Vec<_> = units.iter().map(|u| Unit::encode(u).unwrap()).collect();
        encoded.insert(1, Unit::of_consent(&accepted(1)).unwrap());
        let frame = Frame::build(7, encoded.iter());
        let read = Frame::read(frame.bytes()).unwrap();
        assert_eq!(read, frame);
        let records: Vec<_> = read.records().map(Result::unwrap).collect();
        assert_eq!(records.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [7, 8, 9, 10]);
        let mut expected: Vec<_> = units.concat().into_iter().map(|hit| Record::Hit(Box::new(hit))).collect();
        expected.insert(2, Record::Consent(accepted(1)));
        assert_eq!(records.into_iter().map(|(_, record)| record).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn hits_of_before_the_legal_basis_are_read() {
        let hit = page(0, "A", "/a");
        let mut unit = Unit::default();
        unit.push(KIND_HIT_WITHOUT_BASIS, |bytes| {
            hit.encode(bytes)?;
            bytes.pop();
            Ok(())
        })
        .unwrap();
        let read = Frame::build(1, [unit].iter()).records().next().unwrap().unwrap();
        assert_eq!(read, (1, Record::Hit(Box::new(hit))));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let frame = Frame::build(1, [Unit::encode(&[page(0, "A", "/a")]).unwrap()].iter());
        let used = FRAME_HEADER + frame.payload;
        for at in 0..used {
            let mut bytes = frame.bytes().to_vec();
            bytes[at] ^= 1 << (at % 8);
            assert_eq!(Frame::read(&bytes), None, "bit flipped in byte {at}");
            assert_eq!(Frame::read(&frame.bytes()[..at]), None, "cut at byte {at}");
        }
    }
}
