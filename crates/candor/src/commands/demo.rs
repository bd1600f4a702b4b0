//! `candor demo`: realistic traffic for looking around and for benchmarks.

use super::Place;
use crate::{clock::SystemClock, instance, lock::Lock};
use anyhow::{Context, Result, bail};
use candor_admin::{Admin, NewToken};
use candor_core::{Clock, Timestamp};
use candor_ops::demo::{self, fill};
use clap::Args;
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use indicatif::{ProgressBar, ProgressStyle};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// Fill a demo site with realistic traffic, through a running server or into the data directory.
#[derive(Args)]
#[command(after_help = "Example: candor demo --hits 100000 --days 90")]
pub(crate) struct Demo {
    /// How many hits.
    #[arg(long, default_value_t = 20_000)]
    hits: u64,
    /// Over how many days until now.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// Same seed, same traffic on a new site; further runs add other traffic.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    place: Place,
}

/// Longest that one bulk request may take.
const TIMEOUT: Duration = Duration::from_secs(60);

impl Demo {
    pub(crate) fn run(self) -> Result<()> {
        let config = self.place.load()?;
        let now = SystemClock.now();
        let mut options = demo::Options { hits: self.hits, days: self.days, seed: self.seed, end: now };
        let bar = ProgressBar::new(self.hits).with_style(ProgressStyle::with_template(
            "{bar:40} {human_pos} of {human_len} hits, {per_sec}, {eta} left",
        )?);
        let sent = match Lock::take(&config.data_dir)? {
            Lock::Ours(_held) => {
                let instance = instance::open(&config, Arc::new(SystemClock))?;
                let site = fill::site(&instance.admin, first_day(now, self.days), &mut options)?;
                let token = demo_token(&instance.admin, now)?;
                let send = |body: String| fill::send_to(&instance, &body);
                let sent = fill::in_batches(options, site, &token, send, |n| bar.set_position(n))?;
                if !instance.ingest.wait_applied() {
                    bail!("the hits are in the log, but the store can't take them: {:?}", instance.ingest.healthy());
                }
                instance.close()?;
                sent
            }
            Lock::Theirs(address) => {
                let address = address.context("another process holds the data directory; try again in a moment")?;
                let admin = self.place.admin()?;
                let site = fill::site(&admin, first_day(now, self.days), &mut options)?;
                let token = demo_token(&admin, now)?;
                // The server takes the new site up within a second.
                std::thread::sleep(Duration::from_millis(1500));
                over_http(address, options, site, &token, &bar)?
            }
        };
        bar.finish_and_clear();
        println!("{sent} hits of the last {} days are in", self.days);
        Ok(())
    }
}

fn first_day(now: Timestamp, days: u32) -> Timestamp {
    Timestamp::from_seconds(now.seconds() - i64::from(days) * 86_400)
}

/// A token for this run. Hits of the past need one; without any super user the first one is made, unable to sign in.
fn demo_token(admin: &Admin, now: Timestamp) -> Result<String> {
    let user = match admin.users().into_iter().find(|user| user.super_user) {
        Some(user) => user.login.clone(),
        None => {
            let login = "demo-sender";
            if admin.user(login).is_none() {
                admin.add_user(login, &candor_admin::random_hex::<16>()?, "demo@example.org")?;
            }
            let sites: Vec<_> = admin.settings().sites.keys().copied().collect();
            admin.set_access(login, Some(candor_admin::Role::Write), &sites)?;
            login.to_owned()
        }
    };
    let day = 86_400;
    let token = NewToken { description: "candor demo", expires_at: Some(now.seconds() + day), ..NewToken::default() };
    Ok(admin.create_token(&user, &token)?)
}

fn over_http(
    address: SocketAddr,
    options: demo::Options,
    site: candor_core::SiteId,
    token: &str,
    bar: &ProgressBar,
) -> Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client: Client<_, Full<bytes::Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let url: hyper::Uri = format!("http://{address}/matomo.php").parse()?;
    let send = |body: String| {
        let refused = |text: String| fill::FillError::Refused(text);
        let body = bytes::Bytes::from(body);
        runtime.block_on(async {
            loop {
                let request = hyper::Request::post(url.clone()).body(Full::new(body.clone()));
                let request = request.map_err(|e| refused(e.to_string()))?;
                let response = tokio::time::timeout(TIMEOUT, client.request(request))
                    .await
                    .map_err(|_| refused("the server does not answer".into()))?
                    .map_err(|e| refused(format!("the server at {address}: {e}")))?;
                let status = response.status();
                let answer = response.into_body().collect().await.map_err(|e| refused(e.to_string()))?.to_bytes();
                let answer = String::from_utf8_lossy(&answer).into_owned();
                match status.as_u16() {
                    200 if answer.contains("\"invalid\":0") => return Ok(()),
                    503 => tokio::time::sleep(Duration::from_millis(500)).await,
                    _ => return Err(refused(format!("the server answered {status}: {answer}"))),
                }
            }
        })
    };
    Ok(fill::in_batches(options, site, token, send, |n| bar.set_position(n))?)
}
