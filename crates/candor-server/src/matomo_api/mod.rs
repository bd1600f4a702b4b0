//! Matomo's HTTP API: reads a request, finds the method, checks the caller's rights, renders the answer.
//! A method is one function and one row in its module's table; it never checks rights itself
//! beyond narrowing a list to what the caller may see.

mod arguments;
mod call;
mod dispatch;
mod endpoint;
mod error;
mod modules;
#[cfg(test)]
mod reference;
mod render;

pub(crate) use endpoint::{ApiRequest, answer};
