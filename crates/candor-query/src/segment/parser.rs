//! Reads operands: name, operator, value.

use super::{SegmentError, lexer};

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `=@`
    Contains,
    /// `!@`
    NotContains,
    /// `=^`
    StartsWith,
    /// `=$`
    EndsWith,
}

impl Operator {
    /// Every operator with its text; where one begins like another, the longer comes first.
    pub const ALL: [(&'static str, Self); 10] = [
        ("==", Self::Equal),
        ("!=", Self::NotEqual),
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Greater),
        ("<", Self::Less),
        ("=@", Self::Contains),
        ("!@", Self::NotContains),
        ("=^", Self::StartsWith),
        ("=$", Self::EndsWith),
    ];

    /// Its text.
    #[must_use]
    pub fn text(self) -> &'static str {
        Self::ALL.iter().find(|(_, o)| *o == self).map_or("", |(text, _)| text)
    }
}

/// One condition as written, its value decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Name of the dimension.
    pub name: String,
    /// How to compare.
    pub operator: Operator,
    /// With what.
    pub value: String,
}

/// Groups of operands: all groups must hold, of a group any operand.
pub(super) fn parse(text: &str) -> Result<Vec<Vec<Operand>>, SegmentError> {
    lexer::split(text, ';')
        .iter()
        .map(|group| lexer::split(group, ',').iter().map(|text| operand(text)).collect())
        .collect()
}

fn operand(text: &str) -> Result<Operand, SegmentError> {
    let syntax = || SegmentError::Syntax(text.to_owned());
    let decoded = lexer::decode(&lexer::unescape(text));
    let (name, operator, value) = decoded
        .char_indices()
        .skip(1)
        .find_map(|(at, _)| {
            let (name, rest) = decoded.split_at_checked(at)?;
            Operator::ALL.iter().find_map(|(op, operator)| Some((name, *operator, rest.strip_prefix(op)?)))
        })
        .ok_or_else(syntax)?;
    let operand = Operand { name: name.trim().to_owned(), operator, value: lexer::decode(value) };
    let may_be_empty = matches!(operator, Operator::Equal | Operator::NotEqual);
    if operand.name.is_empty() || (operand.value.is_empty() && !may_be_empty) {
        return Err(syntax());
    }
    Ok(operand)
}

/// Writes groups so that [`parse`] reads them again: values are decoded twice, so they are encoded twice.
pub(super) fn print(groups: &[Vec<Operand>]) -> String {
    let print = |operand: &Operand| {
        let value = lexer::encode(&lexer::encode(&operand.value));
        format!("{}{}{value}", lexer::encode(&operand.name), operand.operator.text())
    };
    let group = |group: &Vec<Operand>| group.iter().map(print).collect::<Vec<_>>().join(",");
    groups.iter().map(group).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        let operand = |o: &Operand| format!("{} {} [{}]", o.name, o.operator.text(), o.value);
        let group = |g: &Vec<Operand>| g.iter().map(operand).collect::<Vec<_>>().join(" or ");
        match parse(text) {
            Ok(groups) => groups.iter().map(group).collect::<Vec<_>>().join(" and "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn or_binds_tighter() {
        assert_eq!(read("country==de;city!=Köln,actions>=3"), "country == [de] and city != [Köln] or actions >= [3]");
        assert_eq!(read("a==1;"), "a == [1]");
    }

    #[test]
    fn separators_can_be_escaped_and_values_encoded() {
        assert_eq!(read(r"title==a\;b\,c"), "title == [a;b,c]");
        assert_eq!(read("title==a%3Bb%252Cc"), "title == [a;b,c]");
        assert_eq!(read("visitorType%3D%3Dnew"), "visitorType == [new]");
        assert_eq!(read("name==La+fianc%C3%A9e+50%"), "name == [La fiancée 50%]");
    }

    #[test]
    fn the_first_operator_counts() {
        assert_eq!(read("pageUrl=@a==b"), "pageUrl =@ [a==b]");
        assert_eq!(read("a>=1"), "a >= [1]");
        assert_eq!(read("a=^x"), "a =^ [x]");
        assert_eq!(read("city=="), "city == []");
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(read("city"), "The segment condition 'city' is not valid.");
        assert_eq!(read("city=@"), "The segment condition 'city=@' is not valid.");
        assert_eq!(read("a==1;+<2"), "The segment condition '+<2' is not valid.");
        assert_eq!(read(""), "The segment condition '' is not valid.");
    }

    fn operand() -> impl Strategy<Value = Operand> {
        let operator = (0..Operator::ALL.len()).prop_map(|i| Operator::ALL[i].1);
        let text = ("[a-zA-Z][a-zA-Z0-9]{0,9}", operator, "\\PC{1,12}");
        text.prop_map(|(name, operator, value)| Operand { name, operator, value })
    }

    proptest! {
        #[test]
        fn parse_undoes_print(groups in prop::collection::vec(prop::collection::vec(operand(), 1..4), 1..4)) {
            prop_assert_eq!(parse(&print(&groups)).unwrap(), groups);
        }

        #[test]
        fn what_is_read_prints_as_what_reads_the_same(text in "[a-z]{1,3}(==|!=|=@|>)[ -~]{1,20}") {
            if let Ok(groups) = parse(&text) {
                prop_assert_eq!(parse(&print(&groups)).unwrap(), groups);
            }
        }
    }
}
