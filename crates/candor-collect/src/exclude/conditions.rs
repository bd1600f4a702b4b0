//! `exclude_requests`: conditions on single parameters, any of which drops a request.

use crate::raw::RawHit;
use candor_core::params::url_decode;

/// How a parameter's value is compared, without regard to case.
#[derive(Clone, Copy)]
enum Operator {
    Equals,
    Differs,
    Contains,
    Lacks,
    Begins,
    Ends,
}

const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equals),
    ("!=", Operator::Differs),
    ("=@", Operator::Contains),
    ("!@", Operator::Lacks),
    ("=^", Operator::Begins),
    ("=$", Operator::Ends),
];

/// Conditions as configured: `name<operator>value`, separated by commas, values URL-encoded.
pub(crate) struct Conditions(Vec<(String, Operator, String)>);

impl Conditions {
    /// What is no condition is left out.
    pub(crate) fn parse(text: &str) -> Self {
        let condition = |entry: &str| {
            let found = OPERATORS.iter().filter_map(|(sign, op)| Some((entry.find(sign)?, sign, *op)));
            let (at, sign, op) = found.min_by_key(|(at, ..)| *at)?;
            let value = url_decode(entry.get(at + sign.len()..)?.as_bytes()).to_lowercase();
            Some((entry.get(..at)?.trim().to_owned(), op, value))
        };
        Self(text.split(',').filter_map(condition).filter(|(name, ..)| !name.is_empty()).collect())
    }

    pub(crate) fn any_holds(&self, raw: &RawHit) -> bool {
        self.0.iter().any(|(name, op, expected)| {
            let given = raw.text(name).to_lowercase();
            match op {
                Operator::Equals => given == *expected,
                Operator::Differs => given != *expected,
                Operator::Contains => given.contains(expected),
                Operator::Lacks => !given.contains(expected),
                Operator::Begins => given.starts_with(expected),
                Operator::Ends => given.ends_with(expected),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::Params;

    #[test]
    fn one_condition_is_enough() {
        let holds =
            |conditions: &str, query: &str| Conditions::parse(conditions).any_holds(&RawHit::new(Params::parse(query)));
        assert!(holds("e_c==A%2CB, url=^http://old", "e_c=a,b"));
        assert!(holds("e_c==x,url=^http://old", "url=HTTP://old.example"));
        assert!(holds("url=$.pdf", "url=a.PDF") && holds("url=@x", "url=axb") && holds("uid!=", "uid=1"));
        assert!(!holds("url!@a", "url=xay") && !holds("", "url=a") && !holds("url", "url=url"));
    }
}
