//! The command line: reads settings, calls libraries, prints.

mod allocator;
mod clock;
mod commands;
mod config;
#[cfg(test)]
mod guides;
mod instance;
mod lock;
#[cfg(test)]
mod reference;
mod snippet;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Self-hosted web analytics that its operator can prove to be lawful.
#[derive(Parser)]
#[command(name = "candor", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(commands::serve::Serve),
    CheckConfig(commands::check_config::CheckConfig),
    #[command(subcommand)]
    Site(commands::site::Site),
    #[command(subcommand)]
    User(commands::user::User),
    #[command(subcommand)]
    Token(commands::token::Token),
    Snippet(commands::snippet::Snippet),
    #[command(subcommand)]
    Consent(commands::consent::Consent),
    Demo(commands::demo::Demo),
}

fn main() -> ExitCode {
    allocator::start();
    // clap exits with 2 on a usage error by itself.
    let result = match Arguments::parse().command {
        Command::Serve(command) => command.run(),
        Command::CheckConfig(command) => command.run(),
        Command::Site(command) => command.run(),
        Command::User(command) => command.run(),
        Command::Token(command) => command.run(),
        Command::Snippet(command) => command.run(),
        Command::Consent(command) => command.run(),
        Command::Demo(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("candor: {error:#}");
            match error.downcast_ref() {
                Some(candor_admin::AdminError::Invalid(_)) => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}
