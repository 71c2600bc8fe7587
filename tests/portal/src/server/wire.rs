//! Connections: requests go to the routes, and a reply may break its connection or break off in the middle.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// In a request: whether the connection carried one before.
#[derive(Clone, Copy)]
pub(super) struct Reused(pub bool);

/// In a response: break the connection instead of answering.
#[derive(Clone, Copy)]
pub(super) struct Broken;

/// Accepts connections for ever.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(connection(stream, router.clone()))),
            // Out of file handles, most likely: others have to close first.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    let carried = Arc::new(AtomicUsize::new(0));
    let answers = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let is_reused = carried.fetch_add(1, Ordering::Relaxed) > 0;
        request.extensions_mut().insert(Reused(is_reused));
        let answering = answers.call(request.map(Body::new));
        async move {
            let Ok(response) = answering.await;
            if response.extensions().get::<Broken>().is_some() {
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            Ok::<Response<Body>, io::Error>(response)
        }
    });
    // An error here is a connection that broke, on purpose or because the caller went away.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A body that announces more than it holds, and breaks when it is used up.
pub(super) struct Cut {
    part: Option<Bytes>,
    announced: u64,
    is_flushed: bool,
}

impl Cut {
    pub fn new(part: String, announced: usize) -> Self {
        Self {
            part: Some(Bytes::from(part)),
            announced: announced as u64,
            is_flushed: false,
        }
    }
}

impl HttpBody for Cut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(part) = self.part.take() {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        if !self.is_flushed {
            // One turn for the part to reach the socket before the connection breaks.
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::BrokenPipe))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
