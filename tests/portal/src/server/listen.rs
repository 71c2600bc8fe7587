//! Loopback ports: `localhost` may mean either stack, so the portal listens on both.

use super::config::Error;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;

/// A free port on one stack may be taken on the other; after so many it is no accident.
const TRIES: usize = 20;

/// Listens on 127.0.0.1 and, where the machine has it, on `::1`, with the same port.
pub(super) async fn both_stacks(
    port: u16,
    option: &'static str,
) -> Result<(Vec<TcpListener>, u16), Error> {
    let mut tries = if port == 0 { TRIES } else { 1 };
    loop {
        let (first, found) = ipv4(port, option).await?;
        tries -= 1;
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, found))).await {
            Ok(second) => return Ok((vec![first, second], found)),
            Err(error) if error.kind() == ErrorKind::AddrInUse && tries > 0 => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Err(Error::PortInUse {
                    port: found,
                    option,
                });
            }
            // A machine without IPv6 resolves `localhost` to 127.0.0.1 only.
            Err(_) => return Ok((vec![first], found)),
        }
    }
}

/// Listens on 127.0.0.1.
pub(super) async fn ipv4(port: u16, option: &'static str) -> Result<(TcpListener, u16), Error> {
    let why = |source: io::Error| match source.kind() {
        ErrorKind::AddrInUse => Error::PortInUse { port, option },
        _ => Error::Listen { port, source },
    };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await;
    let listener = listener.map_err(why)?;
    let found = listener.local_addr().map_err(why)?.port();
    Ok((listener, found))
}
