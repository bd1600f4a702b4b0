//! Numbers as people read them: shares, times, amounts of money, sizes. English texts, as Matomo writes them.

use crate::{
    catalogue::metrics::{self, Unit, round},
    report::Formatting,
    table::{Row, Table, Value},
};

/// Formats the numbers of a table and those below.
pub fn table(table: &mut Table, formatting: Formatting, currency: &str) {
    if formatting != Formatting::Raw {
        table.each_row(&mut |r| row(r, formatting, currency));
    }
}

/// Formats the numbers of one row.
pub fn row(row: &mut Row, formatting: Formatting, currency: &str) {
    for (name, value) in &mut row.columns {
        if matches!(value, Value::Int(_) | Value::Float(_) | Value::Null)
            && let Some(text) = formatted(name, value, formatting, currency)
        {
            *value = Value::Text(text);
        }
    }
}

fn formatted(name: &str, value: &Value, formatting: Formatting, currency: &str) -> Option<String> {
    let number = value.number();
    let computed = matches!(formatting, Formatting::Computed | Formatting::All);
    match metrics::unit(name) {
        Unit::Percent if formatting != Formatting::Raw => Some(percent(number)),
        Unit::Seconds if computed && name.starts_with("avg_") => Some(duration(number)),
        Unit::Seconds if formatting == Formatting::All && name == "sum_visit_length" => Some(duration(number)),
        Unit::Money if computed => Some(money(number, currency)),
        Unit::Bytes if computed => Some(size(number)),
        _ => None,
    }
}

/// A share: `0.5` → `50%`, at most two decimals.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}%", grouped(share * 100.0, 2))
}

/// An amount: `$1,234.50`, `$5`.
#[must_use]
pub fn money(amount: f64, symbol: &str) -> String {
    let rounded = round(amount, 2);
    let text = if rounded.fract() == 0.0 {
        grouped(rounded, 0)
    } else {
        let (whole, cents) = (rounded.abs().trunc(), ((rounded.abs() * 100.0).round() as i64) % 100);
        format!("{}{}.{cents:02}", if rounded < 0.0 { "-" } else { "" }, grouped(whole, 0))
    };
    match text.strip_prefix('-') {
        Some(positive) => format!("-{symbol}{positive}"),
        None => format!("{symbol}{text}"),
    }
}

/// A time as a clock shows it: `00:13:31`, `2 days 01:00:00`, `00:00:00.12`.
#[must_use]
pub fn duration(seconds: f64) -> String {
    const DAY: i64 = 86_400;
    let sign = if seconds < 0.0 { "-" } else { "" };
    let hundredths = (seconds.abs() * 100.0).round() as i64;
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let (days, of_day) = (whole / DAY, whole % DAY);
    let clock = format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
    let fraction = match (rest, days) {
        (0, _) | (_, 1..) => String::new(),
        (rest, _) => format!(".{rest:02}").trim_end_matches('0').to_owned(),
    };
    match days {
        0 => format!("{sign}{clock}{fraction}"),
        1 => format!("{sign}1 day {clock}"),
        n => format!("{sign}{n} days {clock}"),
    }
}

/// A time in words: `13 min 31s`, `1 hours 2 min`, `5s`.
#[must_use]
pub fn sentence(seconds: f64) -> String {
    const YEAR: i64 = 365 * 86_400;
    let total = seconds.abs().round() as i64;
    let (years, days) = (total / YEAR, total % YEAR / 86_400);
    let (hours, minutes, rest) = (total % 86_400 / 3600, total % 3600 / 60, total % 60);
    let text = if years > 0 {
        format!("{years} years {days} days")
    } else if days > 0 {
        format!("{days} days {hours} hours")
    } else if hours > 0 {
        format!("{hours} hours {minutes} min")
    } else if minutes > 0 {
        format!("{minutes} min {rest}s")
    } else {
        format!("{rest}s")
    };
    if seconds < 0.0 { format!("-{text}") } else { text }
}

/// A size: `3.5 K`, `0 M`.
#[must_use]
pub fn size(bytes: f64) -> String {
    const UNITS: [&str; 5] = ["B", "K", "M", "G", "T"];
    if bytes == 0.0 {
        return "0 M".to_owned();
    }
    let mut size = bytes;
    let mut unit = UNITS.iter();
    let mut name = unit.next().copied().unwrap_or("B");
    for next in unit {
        if size.abs() < 1024.0 {
            break;
        }
        size /= 1024.0;
        name = next;
    }
    format!("{} {name}", grouped(size, 1))
}

/// A number with `,` between thousands and at most this many decimals.
#[must_use]
pub fn grouped(number: f64, decimals: i32) -> String {
    let rounded = round(number, decimals);
    let text = rounded.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let sign = if rounded < 0.0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{out}") } else { format!("{sign}{out}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        let texts: Vec<_> = [0.0, 0.5, 2.0 / 3.0, 1.0, 12.3456, -0.25].map(percent).into();
        assert_eq!(texts, ["0%", "50%", "66.67%", "100%", "1,234.56%", "-25%"]);
    }

    #[test]
    fn amounts() {
        let texts: Vec<_> = [0.0, 5.0, 7.5, 3111.11, 1_234_567.0, -2.5].map(|x| money(x, "$")).into();
        assert_eq!(texts, ["$0", "$5", "$7.50", "$3,111.11", "$1,234,567", "-$2.50"]);
    }

    #[test]
    fn times() {
        let texts: Vec<_> = [0.0, 811.0, 0.12, 90_061.0, 180_000.5].map(duration).into();
        assert_eq!(texts, ["00:00:00", "00:13:31", "00:00:00.12", "1 day 01:01:01", "2 days 02:00:00"]);
        let words: Vec<_> = [0.0, 65.0, 3_720.0, 90_000.0].map(sentence).into();
        assert_eq!(words, ["0s", "1 min 5s", "1 hours 2 min", "1 days 1 hours"]);
    }

    #[test]
    fn sizes() {
        let texts: Vec<_> = [0.0, 100.0, 3574.0, 5_242_880.0].map(size).into();
        assert_eq!(texts, ["0 M", "100 B", "3.5 K", "5 M"]);
    }

    #[test]
    fn only_what_is_asked_for_is_formatted() {
        let shown = |formatting| {
            let mut r = Row::default();
            r.set("bounce_rate", Value::Float(0.5));
            r.set("avg_time_on_site", Value::Int(61));
            r.set("revenue", Value::Int(3));
            row(&mut r, formatting, "€");
            r.columns.into_iter().map(|(_, v)| v).collect::<Vec<_>>()
        };
        assert_eq!(shown(Formatting::Raw), [Value::Float(0.5), Value::Int(61), Value::Int(3)]);
        assert_eq!(shown(Formatting::Percent), [Value::text("50%"), Value::Int(61), Value::Int(3)]);
        assert_eq!(shown(Formatting::All), [Value::text("50%"), Value::text("00:01:01"), Value::text("€3")]);
    }
}
