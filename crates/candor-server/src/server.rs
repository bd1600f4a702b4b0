//! Starting and stopping.

use crate::{
    app::{App, Options},
    connections::{Surface, bind, serve},
};
use candor_admin::AdminError;
use candor_ops::instance::Instance;
use listenfd::ListenFd;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address can't be listened on.
    #[error("can't listen on `{0}`: {1}; choose another address or stop who has it")]
    Listen(SocketAddr, std::io::Error),
    /// A socket that was handed over can't be used.
    #[error("the socket handed over by the service manager can't be used: {0}")]
    Handover(std::io::Error),
    /// Signals can't be waited for.
    #[error("signals can't be waited for: {0}")]
    Signal(std::io::Error),
    /// A write to the hit log has failed.
    #[error("hits could not be written: {0}; see to the disk, the next start goes on where the log ends")]
    Log(String),
    /// The settings database failed.
    #[error(transparent)]
    Settings(#[from] AdminError),
}

/// How often is looked whether the log can still be written.
const LOG_LOOK: Duration = Duration::from_secs(1);
/// How long reports are still answered after the log has failed: a full disk isn't emptied within a second, and a
/// service manager gives up on who ends too often.
const LOG_GRACE: Duration = Duration::from_secs(30);

/// Starts servers.
pub struct Server;

/// A running server. Dropping it cuts connections off; [`ServerHandle::stop`] ends it well.
pub struct ServerHandle {
    address: SocketAddr,
    admin_address: Option<SocketAddr>,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
}

impl Server {
    /// Listens and serves in the background. Sockets handed over by the service manager are used first:
    /// with them no connection is refused while the program is replaced.
    ///
    /// # Errors
    /// When an address can't be listened on.
    pub async fn start(instance: &Instance, options: Options) -> Result<ServerHandle, ServerError> {
        let app = Arc::new(App::new(instance, options)?);
        let mut handed = ListenFd::from_env();
        let main = listener(&mut handed, 0, app.options.listen)?;
        // A second socket is for people, also when the settings name no address for them.
        let for_people = app.options.admin_listen.or((handed.len() > 1).then_some(app.options.listen));
        let admin = for_people.map(|address| listener(&mut handed, 1, address)).transpose()?;
        let local = |listener: &TcpListener, given| listener.local_addr().unwrap_or(given);
        let address = local(&main, app.options.listen);
        let admin_address = admin.as_ref().zip(for_people).map(|(l, given)| local(l, given));
        let (stop, stopped) = watch::channel(false);
        let mut listeners = JoinSet::new();
        let surface = if admin.is_some() { Surface::Collector } else { Surface::Everything };
        listeners.spawn(serve(Arc::clone(&app), main, surface, stopped.clone()));
        if let Some(admin) = admin {
            listeners.spawn(serve(Arc::clone(&app), admin, Surface::Admin, stopped));
        }
        Ok(ServerHandle { address, admin_address, app, stop, listeners })
    }
}

fn listener(handed: &mut ListenFd, index: usize, address: SocketAddr) -> Result<TcpListener, ServerError> {
    match handed.take_tcp_listener(index).map_err(ServerError::Handover)? {
        Some(socket) => {
            socket.set_nonblocking(true).map_err(ServerError::Handover)?;
            TcpListener::from_std(socket).map_err(ServerError::Handover)
        }
        None => bind(address).map_err(|error| ServerError::Listen(address, error)),
    }
}

/// Resolves some time after the log could not be written.
async fn log_failed(app: &App) -> String {
    loop {
        tokio::time::sleep(LOG_LOOK).await;
        if let Some(reason) = app.ingest.log_failure() {
            tokio::time::sleep(LOG_GRACE).await;
            return reason;
        }
    }
}

impl ServerHandle {
    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the admin listener is, when there is one.
    #[must_use]
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin_address
    }

    /// Serves until SIGTERM or SIGINT, then stops.
    ///
    /// # Errors
    /// When signals can't be waited for.
    pub async fn run_until_signal(self) -> Result<(), ServerError> {
        let mut terminate = signal(SignalKind::terminate()).map_err(ServerError::Signal)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(ServerError::Signal)?;
        tokio::select! {
            _ = terminate.recv() => tracing::info!("stopping: asked to terminate"),
            _ = interrupt.recv() => tracing::info!("stopping: interrupted"),
            reason = log_failed(&self.app) => {
                self.stop().await;
                return Err(ServerError::Log(reason));
            }
        }
        self.stop().await;
        Ok(())
    }

    /// Stops: no new connections, requests in flight finish, queries that nobody waits for any more are ended,
    /// the log is applied, the store is closed.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.listeners.join_next().await.is_some() {}
        let app = Arc::clone(&self.app);
        let ended = tokio::task::spawn_blocking(move || {
            app.store.end_queries();
            app.ingest.shutdown();
            if let Err(error) = app.store.close() {
                tracing::error!(%error, "the store could not be closed; the next start reads the log again");
            }
        });
        if let Err(error) = ended.await {
            tracing::error!(%error, "the store could not be closed; the next start reads the log again");
        }
    }
}
