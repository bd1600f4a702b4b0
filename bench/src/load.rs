//! The load generator: many connections, one request in flight on each, on one thread.

use anyhow::Result;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// `GET /healthz`.
    Healthz,
    /// One page view of a visitor never seen before a request.
    PageViews,
    /// 200 hits a request, four hits a visit.
    Bulk,
}

/// How.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Where to; must be a loopback address.
    pub address: SocketAddr,
    /// What.
    pub what: What,
    /// At once.
    pub connections: usize,
    /// How long.
    pub duration: Duration,
    /// Requests a second over all connections; `None` = as fast as answers come.
    pub rate: Option<f64>,
    /// Distinguishes the visitors of several runs on one server.
    pub run: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Answers with success.
    pub answered: u64,
    /// Hits in them.
    pub hits: u64,
    /// Answers 503.
    pub refused: u64,
    /// Other answers, and broken connections.
    pub failed: u64,
    /// How long it took.
    pub seconds: f64,
    /// Latencies in milliseconds, sorted.
    pub latencies_ms: Vec<f64>,
}

impl Outcome {
    /// Hits a second.
    #[must_use]
    pub fn hits_per_second(&self) -> f64 {
        self.hits as f64 / self.seconds
    }

    /// A quantile of the latencies in milliseconds, `q` in 0–1.
    #[must_use]
    pub fn quantile_ms(&self, q: f64) -> f64 {
        let at = (self.latencies_ms.len() as f64 * q) as usize;
        self.latencies_ms.get(at.min(self.latencies_ms.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }
}

/// Hits of one bulk request.
pub const BULK_HITS: u64 = 200;

/// Runs the plan.
///
/// # Errors
/// When no connection can be made.
pub fn run(plan: &Plan) -> Result<Outcome> {
    anyhow::ensure!(plan.address.ip().is_loopback(), "load goes to loopback addresses only, not to {}", plan.address);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let shared = Arc::new(Shared { next: AtomicU64::new(0), stop: AtomicBool::new(false), begun: Instant::now() });
        let mut workers = JoinSet::new();
        for _ in 0..plan.connections {
            workers.spawn(worker(*plan, shared.clone()));
        }
        tokio::time::sleep(plan.duration).await;
        shared.stop.store(true, Ordering::Relaxed);
        let mut total = Outcome { seconds: shared.begun.elapsed().as_secs_f64(), ..Outcome::default() };
        while let Some(result) = workers.join_next().await {
            let result = result?;
            total.answered += result.answered;
            total.hits += result.hits;
            total.refused += result.refused;
            total.failed += result.failed;
            total.latencies_ms.extend(result.latencies_ms);
        }
        total.latencies_ms.sort_by(f64::total_cmp);
        Ok(total)
    })
}

struct Shared {
    next: AtomicU64,
    stop: AtomicBool,
    begun: Instant,
}

async fn worker(plan: Plan, shared: Arc<Shared>) -> Outcome {
    let stop = &shared.stop;
    let mut outcome = Outcome::default();
    let mut buffer = vec![0; 4096];
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(plan.address).await else {
            outcome.failed += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        while !stop.load(Ordering::Relaxed) {
            let number = shared.next.fetch_add(1, Ordering::Relaxed);
            if let Some(rate) = plan.rate {
                let due = shared.begun + Duration::from_secs_f64(number as f64 / rate);
                tokio::time::sleep_until(due.into()).await;
            }
            let request = request(plan.what, plan.run << 40 | number);
            let sent = Instant::now();
            let status = match exchange(&mut stream, &request, &mut buffer).await {
                Ok(status) => status,
                Err(_) => {
                    outcome.failed += 1;
                    break;
                }
            };
            outcome.latencies_ms.push(sent.elapsed().as_secs_f64() * 1000.0);
            match status {
                200..=299 => {
                    outcome.answered += 1;
                    outcome.hits += if plan.what == What::Bulk { BULK_HITS } else { 1 };
                }
                503 => outcome.refused += 1,
                _ => outcome.failed += 1,
            }
        }
    }
    outcome
}

/// One request; its visitors are numbered from `number`.
#[must_use]
pub fn request(what: What, number: u64) -> Vec<u8> {
    match what {
        What::Healthz => b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        What::PageViews => format!(
            "GET /matomo.php?{} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {AGENT}\r\nAccept-Language: de-DE,de;q=0.9\r\n\r\n",
            hit(number, 0)
        )
        .into_bytes(),
        What::Bulk => {
            let hits: Vec<String> =
                (0..BULK_HITS).map(|i| format!("\"?{}\"", hit(number * BULK_HITS / 4 + i / 4, i % 4))).collect();
            let body = format!("{{\"requests\":[{}]}}", hits.join(","));
            format!(
                "POST /matomo.php HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {AGENT}\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes()
        }
    }
}

const AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

fn hit(visitor: u64, page: u64) -> String {
    // Multiplying by an odd number spreads the ids over all 16 digits without repeating one.
    let id = visitor.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let number = (visitor.wrapping_mul(31) + page) % 500;
    format!(
        "idsite=1&rec=1&cid={id:016x}&send_image=0&res=1920x1080&cookie=1&h=10&m=20&s=30&pv_id=a{page}c{:03}\
         &url=https%3A%2F%2Fexample.org%2Fshop%2Fitem-{number}&action_name=Item%20{number}\
         &urlref=https%3A%2F%2Fwww.google.com%2F&pf_net=12&pf_srv=80&pf_tfr=20&pf_dm1=210&pf_dm2=100&pf_onl=15",
        visitor % 1000
    )
}

/// Sends a request and reads the whole answer (answers here fit the buffer or carry a length).
async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut [u8]) -> std::io::Result<u16> {
    stream.write_all(request).await?;
    let mut filled = 0;
    loop {
        let space = buffer.get_mut(filled..).unwrap_or_default();
        let read = stream.read(space).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        let answer = buffer.get(..filled).unwrap_or_default();
        let Some(head) = answer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let headers = String::from_utf8_lossy(answer.get(..head).unwrap_or_default());
        let length = headers
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(|v| v.trim().to_owned()))
            .and_then(|value| value.parse::<usize>().ok())
            .unwrap_or(0);
        if filled >= head + 4 + length {
            let status = headers.split(' ').nth(1).and_then(|s| s.parse().ok());
            return status.ok_or_else(|| std::io::ErrorKind::InvalidData.into());
        }
    }
}
