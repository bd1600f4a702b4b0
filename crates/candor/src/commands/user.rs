//! `candor user`: people without a browser.

use super::{Output, Place};
use anyhow::{Context, Result, bail};
use candor_admin::Role;
use candor_core::SiteId;
use clap::Subcommand;
use std::io::BufRead;

/// Add and list people, give rights.
#[derive(Subcommand)]
pub(crate) enum User {
    /// Add a person. The password is read from the first line of standard input.
    #[command(after_help = "Example: candor user add ann ann@example.org < password-file")]
    Add {
        /// Login.
        login: String,
        /// E-mail address.
        email: String,
        /// May do everything.
        #[arg(long)]
        super_user: bool,
        #[command(flatten)]
        place: Place,
    },
    /// List everybody with their rights.
    #[command(after_help = "Example: candor user list")]
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        output: Output,
    },
    /// Give a role on sites: view, write, admin, or none.
    #[command(after_help = "Example: candor user access ann view 1 2")]
    Access {
        /// Login; `anonymous` for people without an account.
        login: String,
        /// Role.
        role: String,
        /// Ids of the sites.
        #[arg(required = true)]
        sites: Vec<u32>,
        #[command(flatten)]
        place: Place,
    },
}

impl User {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Add { login, email, super_user, place } => {
                let mut password = String::new();
                std::io::stdin().lock().read_line(&mut password).context("no password on standard input")?;
                let admin = place.admin()?;
                admin.add_user(&login, password.trim_end_matches(['\r', '\n']), &email)?;
                if super_user {
                    admin.set_super_user(&login, true)?;
                }
                Ok(())
            }
            Self::List { place, output } => {
                let users = place.admin()?.users();
                output.print(&users, |users| {
                    let rights = |user: &candor_admin::User| match user.super_user {
                        true => "super user".to_owned(),
                        false => {
                            let access = user.access.iter().map(|(site, role)| format!("{}:{site}", role.name()));
                            access.collect::<Vec<_>>().join(" ")
                        }
                    };
                    let line =
                        |u: &std::sync::Arc<candor_admin::User>| format!("{}\t{}\t{}", u.login, u.email, rights(u));
                    users.iter().map(line).collect::<Vec<_>>().join("\n")
                })
            }
            Self::Access { login, role, sites, place } => {
                let role = match (role.as_str(), Role::parse(&role)) {
                    ("none" | "noaccess", _) => None,
                    (_, Some(role)) => Some(role),
                    _ => bail!("unknown role `{role}`; use view, write, admin or none"),
                };
                let sites: Vec<SiteId> = sites.into_iter().map(SiteId).collect();
                Ok(place.admin()?.set_access(&login, role, &sites)?)
            }
        }
    }
}
