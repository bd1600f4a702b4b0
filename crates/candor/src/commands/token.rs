//! `candor token`: API tokens.

use super::Place;
use anyhow::Result;
use candor_admin::NewToken;
use clap::Subcommand;

/// Make API tokens.
#[derive(Subcommand)]
pub(crate) enum Token {
    /// Make a token and print it alone; only its hash is kept.
    #[command(after_help = "Example: TOKEN=$(candor token create --user ann)")]
    Create {
        /// Whose.
        #[arg(long, value_name = "LOGIN")]
        user: String,
        /// What for.
        #[arg(long, default_value = "made on the command line")]
        description: String,
        /// Accept it only outside of URLs.
        #[arg(long)]
        secure_only: bool,
        #[command(flatten)]
        place: Place,
    },
}

impl Token {
    pub(crate) fn run(self) -> Result<()> {
        let Self::Create { user, description, secure_only, place } = self;
        let new = NewToken { description: &description, secure_only, ..NewToken::default() };
        println!("{}", place.admin()?.create_token(&user, &new)?);
        Ok(())
    }
}
