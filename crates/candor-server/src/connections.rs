//! Listening and serving connections: limits in time and number, and an end that loses no request.

use crate::{app::App, request_line::Mending, router};
use hyper::{
    Request,
    body::{Body, Incoming},
    header::{CONNECTION, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{Domain, Protocol, Socket, Type};
use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};

/// A connection that sends no (further) request for so long is closed: some clients never close theirs.
const IDLE_TIME_MAX: Duration = Duration::from_secs(10);
/// At shutdown a connection stays open for so long although no request is being answered on it: one may be on
/// its way. What is answered in this time says that the connection closes.
const LINGER_TIME: Duration = Duration::from_millis(250);
/// Requests in flight at shutdown get this long.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(8);
/// The kernel's queue of connections not yet accepted.
const BACKLOG: i32 = 4096;

/// What a listener offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surface {
    /// Everything; metrics to super users.
    Everything,
    /// What websites need: tracking, tracker, opt-out, health.
    Collector,
    /// Everything; metrics to anyone who gets here.
    Admin,
}

/// Opens a listener. An address in use is an error even right after a restart only when someone really listens.
pub(crate) fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Accepts until `stop` says so, then lets requests in flight finish.
pub(crate) async fn serve(app: Arc<App>, listener: TcpListener, surface: Surface, mut stop: watch::Receiver<bool>) {
    let permits = Arc::new(Semaphore::new(app.options.connections_max));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopped(&mut stop) => break,
            accepted = accept(&listener, &permits) => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((permit, stream, peer)) => {
                let (app, stop) = (Arc::clone(&app), stop.clone());
                connections.spawn(async move {
                    app.metrics.connections.inc();
                    serve_connection(&app, stream, peer, surface, stop).await;
                    app.metrics.connections.dec();
                    drop(permit);
                });
            }
            Err(error) => {
                // Out of file descriptors, or a connection gone before it was accepted.
                tracing::warn!(%error, "a connection can't be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIME_MAX, async { while connections.join_next().await.is_some() {} }).await.is_err() {
        tracing::warn!(left = connections.len(), "connections are cut off: their requests took too long");
        connections.shutdown().await;
    }
}

/// The next connection, when there may be one more.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> std::io::Result<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((permit, stream, peer))
}

async fn serve_connection(
    app: &Arc<App>,
    stream: TcpStream,
    peer: SocketAddr,
    surface: Surface,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are small: waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let stopping = stop.clone();
    let stream = Mending::new(stream);
    let body_length = stream.body_length();
    let service = service_fn(|request: Request<Incoming>| {
        body_length.announce(request.body().size_hint().exact());
        async {
            let mut answer = router::answer(app, surface, peer.ip(), request).await;
            if *stopping.borrow() {
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(IDLE_TIME_MAX)
            .pipeline_flush(true)
            // Who has said everything may still listen. And a request is carried out to its end: one given up half-way
            // would keep what it claimed, an order id for one.
            .half_close(true)
            .max_buf_size(64 << 10)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(&mut stop) => match tokio::time::timeout(LINGER_TIME, connection.as_mut()).await {
            Ok(ended) => ended,
            Err(_) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        },
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
}

/// Resolves when the server is to stop.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the handle is gone: stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}
