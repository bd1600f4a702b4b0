//! A candor process on a data directory and a free loopback port of its own.

use crate::http::Client;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// API token of the super user of such a process.
pub const TOKEN: &str = "00112233445566778899aabbccddeeff";
const TIMEOUT: Duration = Duration::from_secs(120);

/// The process; killed when dropped.
pub struct Candor {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From start to ready.
    pub started_in: Duration,
}

impl Candor {
    /// Starts the program and waits until it is ready.
    ///
    /// # Errors
    /// When it can't be started or isn't ready within a minute.
    pub fn start(program: &Path, data: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Self::start_at(program, data, address)
    }

    /// As [`Candor::start`], at a given address.
    ///
    /// # Errors
    /// As there.
    pub fn start_at(program: &Path, data: &Path, address: SocketAddr) -> Result<Self> {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self::start_with(command, data, address)
    }

    /// As [`Candor::start`], on a socket that somebody else keeps open, handed over as systemd does it.
    ///
    /// # Errors
    /// As there.
    pub fn start_on(program: &Path, data: &Path, socket: &TcpListener) -> Result<Self> {
        // The shell becomes the program, so its process id is the one that the protocol asks for.
        let mut command = Command::new("sh");
        command.args(["-c", r#"LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@" 3<&0 </dev/null"#]).arg(program);
        command.stdin(OwnedFd::from(socket.try_clone()?));
        Self::start_with(command, data, socket.local_addr()?)
    }

    fn start_with(mut command: Command, data: &Path, address: SocketAddr) -> Result<Self> {
        fs::create_dir_all(data)?;
        let log = fs::OpenOptions::new().create(true).append(true).open(data.with_extension("log"))?;
        let begun = Instant::now();
        let child = command
            .args(["serve", "--data-dir"])
            .arg(data)
            .args(["--listen", &address.to_string()])
            .env("CANDOR_ADMIN_LOGIN", "root")
            .env("CANDOR_ADMIN_PASSWORD", "benchmarks only")
            .env("CANDOR_ADMIN_TOKEN", TOKEN)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut candor = Self { child, address, started_in: Duration::ZERO };
        while begun.elapsed() < Duration::from_secs(60) {
            if let Some(status) = candor.child.try_wait()? {
                bail!("candor stopped with {status}; see {}", data.with_extension("log").display());
            }
            // A socket that outlives the process takes connections long before they are answered.
            let answer =
                Client::connect(address, Duration::from_secs(1)).and_then(|mut c| c.send("GET", "/readyz", &[]));
            if answer.is_ok_and(|(status, _)| status == 200) {
                candor.started_in = begun.elapsed();
                return Ok(candor);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("candor was not ready after a minute; see {}", data.with_extension("log").display())
    }

    /// One GET on a connection of its own.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn get(&self, path: &str) -> Result<(u16, Vec<u8>)> {
        Client::connect(self.address, TIMEOUT)?.send("GET", path, &[])
    }

    /// One call of the reporting API; `query` starts with the method.
    ///
    /// # Errors
    /// When the answer isn't JSON or is an error.
    pub fn api(&self, query: &str) -> Result<Value> {
        let body = format!("module=API&format=json&token_auth={TOKEN}&method={query}");
        let (status, answer) = Client::connect(self.address, TIMEOUT)?.send("POST", "/index.php", body.as_bytes())?;
        let value: Value = serde_json::from_slice(&answer)
            .with_context(|| format!("{query}: {status} {}", String::from_utf8_lossy(&answer)))?;
        if value.get("result").and_then(Value::as_str) == Some("error") {
            bail!("{query}: {value}");
        }
        Ok(value)
    }

    /// What our own API answers at `/api/v1/<path>`.
    ///
    /// # Errors
    /// When there is no answer, or an error.
    pub fn api_v1(&self, path: &str) -> Result<Value> {
        let (status, body) = self.get(&format!("/api/v1/{path}?token_auth={TOKEN}"))?;
        if status != 200 {
            bail!("{path}: {status} {}", String::from_utf8_lossy(&body));
        }
        Ok(serde_json::from_slice(&body)?)
    }

    /// The value of a metric of `/metrics`, 0 when it isn't there.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn metric(&self, name: &str) -> Result<f64> {
        let (_, body) = self.get(&format!("/metrics?token_auth={TOKEN}"))?;
        let text = String::from_utf8_lossy(&body).into_owned();
        let line = text.lines().find(|line| line.split(['{', ' ']).next() == Some(name));
        Ok(line.and_then(|line| line.rsplit(' ').next()).and_then(|value| value.parse().ok()).unwrap_or(0.0))
    }

    /// Resident memory now and at its peak, in MB (10⁶ bytes).
    ///
    /// # Errors
    /// When the process is gone.
    pub fn memory_mb(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let value = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let kib = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kib| kib.parse::<f64>().ok());
            kib.unwrap_or(0.0) * 1024.0 / 1e6
        };
        Ok((value("VmRSS:"), value("VmHWM:")))
    }

    /// Processor time used so far.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        // Fields 14 and 15 of proc(5), in ticks of 10 ms on Linux.
        let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 10))
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When the process is gone already.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, then waits for the end; how long that took.
    ///
    /// # Errors
    /// When it doesn't end within 20 seconds or fails.
    pub fn stop(mut self) -> Result<Duration> {
        let begun = Instant::now();
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        while begun.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait()? {
                return if status.success() { Ok(begun.elapsed()) } else { bail!("candor ended with {status}") };
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("candor did not end within 20 s of SIGTERM")
    }
}

impl Drop for Candor {
    fn drop(&mut self) {
        // Gone already after `kill` and `stop`: then this is an error nobody needs.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bytes of all files below a folder.
///
/// # Errors
/// When the folder can't be read.
pub fn disk_bytes(dir: &Path) -> Result<u64> {
    let mut bytes = 0;
    let mut folders: Vec<PathBuf> = vec![dir.into()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let meta = entry.metadata()?;
            if meta.is_dir() {
                folders.push(entry.path());
            } else {
                use std::os::unix::fs::MetadataExt;
                bytes += meta.blocks() * 512;
            }
        }
    }
    Ok(bytes)
}
