//! Typed reading of a call's parameters, as PHP clients write them: `1`/`true`, comma lists or `name[]`,
//! and `""`, `false`, `null` for "not given".

use super::error::ApiError;
use candor_core::{ParamValue, Params};

/// A call's parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arguments<'a>(pub(crate) &'a Params);

impl<'a> Arguments<'a> {
    /// The text of a parameter, as it was sent; `None` when absent.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.text(name)
    }

    /// The text of a parameter; `None` when absent or one of PHP's ways to say nothing.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.raw(name).filter(|text| !matches!(*text, "" | "false" | "null"))
    }

    /// The text of a required parameter.
    pub(crate) fn required(&self, name: &str) -> Result<&'a str, ApiError> {
        self.text(name).ok_or_else(|| ApiError::missing(name))
    }

    /// Yes or no; `None` when absent.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.raw(name)? {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        }
    }

    /// Yes, said explicitly.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.flag(name) == Some(true)
    }

    /// A number; `None` when absent or no number.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.trim().parse().ok()
    }

    /// A required number.
    pub(crate) fn required_number<T: std::str::FromStr>(&self, name: &str) -> Result<T, ApiError> {
        let text = self.required(name)?;
        text.trim().parse().map_err(|_| ApiError::invalid(name, text, "give a number"))
    }

    /// A list, `name[]=…` or comma-separated; `None` when absent.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<String>> {
        let parts: Vec<&str> = match self.0.get(name)? {
            ParamValue::Text(text) => text.split(',').collect(),
            list => list.texts(),
        };
        Some(parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect())
    }

    /// A list of addresses: `name[]=…`, or one text. Not split at commas, which addresses may hold.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let value = self.0.get(name)?;
        Some(value.texts().into_iter().map(str::to_owned).filter(|text| !text.is_empty()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_php_clients_write() {
        let params = Params::parse("a=1&b=false&c=&d[]=x&d[]=y&e=p,%20q,&f=true&n=12&u=http%3A%2F%2Fa%2C");
        let arguments = Arguments(&params);
        assert_eq!((arguments.is_set("a"), arguments.flag("b"), arguments.flag("c")), (true, Some(false), None));
        assert_eq!((arguments.text("b"), arguments.text("c"), arguments.raw("c")), (None, None, Some("")));
        assert_eq!(arguments.list("d"), Some(vec!["x".into(), "y".into()]));
        assert_eq!(arguments.list("e"), Some(vec!["p".into(), "q".into()]));
        assert_eq!(arguments.texts("u"), Some(vec!["http://a,".into()]));
        assert_eq!((arguments.is_set("f"), arguments.number::<u32>("n")), (true, Some(12)));
        assert_eq!(arguments.required("x").unwrap_err().message, "Please specify a value for 'x'.");
        assert!(arguments.required_number::<u32>("d").is_err());
    }
}
