//! Finds what an operand speaks of: the dimension, and the values that its text stands for.

use super::{Operand, Operator, SegmentError};
use crate::catalogue::dimensions::{self, Dimension, Found, Lists, Source, Values, html_unescaped};
use candor_core::{SiteSettings, VisitorId, Vocabulary};
use candor_store::Cell;
use std::net::IpAddr;

/// Who asks, as far as personal data goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Somebody with an account.
    SignedIn,
    /// Everybody: may not pick single visitors.
    Anonymous,
}

/// What a segment is checked against.
#[derive(Debug, Clone, Copy)]
pub struct SegmentContext<'a> {
    /// Names of codes.
    pub vocabulary: &'a Vocabulary,
    /// The site, for its goals and custom dimensions.
    pub site: Option<&'a SiteSettings>,
    /// Who asks: a segment that they may not use is never made.
    pub asker: Asker,
}

/// The positive part of a comparison; [`Condition::negated`] holds the rest.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// One of these values.
    OneOf(Vec<Cell>),
    /// This text, without regard to case.
    Text(Cell),
    /// Nothing there: null, empty or zero.
    Empty,
    /// `>`, `>=`, `<`, `<=` this value.
    Compare(&'static str, Cell),
    /// The text contains, begins with, ends with this one, without regard to case.
    Like(Operator, Cell),
}

/// One way to fulfil a condition: a dimension whose value passes a test, in any of its slots.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) dimension: Dimension,
    /// `[0]` where the dimension has no slots.
    pub(super) slots: Vec<u32>,
    pub(super) test: Test,
}

/// A checked operand. All members are of one table.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) source: Source,
    pub(super) negated: bool,
    /// Any of them.
    pub(super) members: Vec<Member>,
}

/// Checks one operand.
pub(super) fn check(operand: &Operand, context: &SegmentContext<'_>) -> Result<Condition, SegmentError> {
    let found =
        dimensions::find(&operand.name, context.site).ok_or_else(|| SegmentError::Unknown(operand.name.clone()))?;
    let ordered = matches!(
        operand.operator,
        Operator::Equal | Operator::Greater | Operator::AtLeast | Operator::Less | Operator::AtMost
    );
    if found.dimension.restricted && context.asker == Asker::Anonymous {
        return Err(SegmentError::Restricted(operand.name.clone()));
    }
    if found.dimension.ordered_only && !ordered {
        return Err(SegmentError::Operator { name: operand.name.clone(), operator: operand.operator.text() });
    }
    let (operator, negated) = match operand.operator {
        Operator::NotEqual => (Operator::Equal, true),
        Operator::NotContains => (Operator::Contains, true),
        operator => (operator, false),
    };
    let positive = Operand { operator, ..operand.clone() };
    let members = if found.dimension.members.is_empty() {
        vec![member(&positive, found, context)?]
    } else {
        let names = found.dimension.members.iter().filter_map(|name| dimensions::find(name, context.site));
        names.map(|found| member(&positive, found, context)).collect::<Result<_, _>>()?
    };
    Ok(Condition { source: found.dimension.source, negated, members })
}

fn member(operand: &Operand, found: Found, context: &SegmentContext<'_>) -> Result<Member, SegmentError> {
    let slots = match (found.slot, found.dimension.slots) {
        (0, 0) => vec![0],
        (0, slots) => (1..=slots).collect(),
        (slot, _) => vec![slot],
    };
    Ok(Member { test: test(operand, &found.dimension, context)?, dimension: found.dimension, slots })
}

fn test(operand: &Operand, dimension: &Dimension, context: &SegmentContext<'_>) -> Result<Test, SegmentError> {
    let value = match dimension.values {
        Values::PageUrl => without_scheme(&operand.value),
        _ => operand.value.as_str(),
    };
    if value.is_empty() {
        return Ok(Test::Empty);
    }
    if let Values::Codes { list, closed } = dimension.values {
        let list = list(Lists { vocabulary: context.vocabulary, site: context.site });
        return codes(operand, &list, closed);
    }
    Ok(match operand.operator {
        Operator::Contains | Operator::StartsWith | Operator::EndsWith | Operator::NotContains => {
            Test::Like(operand.operator, text(value))
        }
        Operator::Equal | Operator::NotEqual => equal(value, dimension.values),
        Operator::Greater | Operator::AtLeast | Operator::Less | Operator::AtMost => {
            compare(operand.operator, cell(value, dimension.values))
        }
    })
}

/// No such value: nothing is greater or less.
fn compare(operator: Operator, cell: Option<Cell>) -> Test {
    cell.map_or(Test::OneOf(vec![]), |cell| Test::Compare(operator.text(), cell))
}

fn equal(value: &str, values: Values) -> Test {
    match values {
        Values::Text => Test::Text(text(value)),
        Values::Exact | Values::PageUrl => {
            let mut cells = vec![text(value)];
            let raw = html_unescaped(value);
            if raw != value {
                cells.push(text(&raw));
            }
            Test::OneOf(cells)
        }
        _ => Test::OneOf(cell(value, values).into_iter().collect()),
    }
}

/// The values of all labels that fit. A label that isn't in the list fits nothing, or is an error where it is closed.
fn codes(operand: &Operand, list: &[(String, Cell)], closed: bool) -> Result<Test, SegmentError> {
    let wanted = operand.value.to_lowercase();
    let fits = |(label, _): &&(String, Cell)| {
        let label = label.to_lowercase();
        match operand.operator {
            Operator::Contains => label.contains(&wanted),
            Operator::StartsWith => label.starts_with(&wanted),
            Operator::EndsWith => label.ends_with(&wanted),
            _ => label == wanted,
        }
    };
    let mut cells: Vec<Cell> = list.iter().filter(fits).map(|(_, cell)| cell.clone()).collect();
    if cells.is_empty() {
        let code = |cell: &&Cell| matches!(cell, Cell::Int(n) if n.to_string() == wanted);
        cells.extend(list.iter().map(|(_, cell)| cell).find(code).cloned());
    }
    cells.dedup();
    match operand.operator {
        Operator::Greater | Operator::AtLeast | Operator::Less | Operator::AtMost => {
            Ok(compare(operand.operator, cells.pop()))
        }
        Operator::Equal if cells.is_empty() && closed => {
            let mut allowed: Vec<_> = list.iter().map(|(label, _)| label.as_str()).collect();
            allowed.dedup();
            allowed.truncate(20);
            Err(SegmentError::Value {
                name: operand.name.clone(),
                value: operand.value.clone(),
                allowed: allowed.join(", "),
            })
        }
        _ => Ok(Test::OneOf(cells)),
    }
}

/// The value as the column holds it; `None` when there is no such value.
fn cell(value: &str, values: Values) -> Option<Cell> {
    match values {
        Values::Number => Some(number(value, 1.0)),
        Values::Times(factor) => Some(number(value, factor)),
        // Cells hold the 64 bits of an id as a signed number.
        Values::Hex => VisitorId::from_hex(value).map(|id| Cell::Int(id.0.cast_signed())),
        Values::Ip => value.parse().ok().map(|ip| {
            Cell::Bytes(match ip {
                IpAddr::V4(ip) => ip.octets().to_vec(),
                IpAddr::V6(ip) => ip.octets().to_vec(),
            })
        }),
        Values::Date => {
            let date = value.get(..10).unwrap_or(value).parse().ok()?;
            Some(Cell::Int(i64::from(candor_core::Day::from_date(date).0)))
        }
        Values::Text | Values::Exact | Values::PageUrl | Values::Codes { .. } => Some(text(value)),
    }
}

/// As in MySQL, text that begins with no number is zero.
fn number(value: &str, factor: f64) -> Cell {
    let value = value.trim();
    let end = value.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(value.len());
    let number: f64 = value.get(..end).and_then(|v| v.parse().ok()).unwrap_or(0.0) * factor;
    if number.fract() == 0.0 && number.abs() < 9e15 { Cell::Int(number as i64) } else { Cell::Float(number) }
}

fn text(value: &str) -> Cell {
    Cell::Text(value.into())
}

/// Without a leading `http(s)://` and a `www.` behind it; a bare `www.` stays.
fn without_scheme(url: &str) -> &str {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    rest.map_or(url, |rest| rest.strip_prefix("www.").unwrap_or(rest))
}
