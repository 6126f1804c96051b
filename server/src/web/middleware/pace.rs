//! Tells the turnstile how an answer gets on. Bodies go out in pieces of a bounded
//! size: the framework would take a large one whole, call the answer finished,
//! and cut off an honest reader of a slow line as if it were idle.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Bytes,
};

use crate::web::turnstile::{Stands, Visit};

/// Bytes handed to the connection at a time.
const PIECE: usize = 16 * 1024;

/// The outermost middleware: from here on the connection works, then answers.
pub async fn pace(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(visit) = request.conn_data::<Arc<Visit>>().cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    visit.now(Stands::Working);
    let answer = next.call(request).await?.map_into_boxed_body();
    visit.now(Stands::Answering);
    Ok(answer.map_body(|_, body| BoxBody::new(Paced { body, piece: Bytes::new(), visit })))
}

struct Paced {
    body: BoxBody,
    piece: Bytes,
    visit: Arc<Visit>,
}

impl MessageBody for Paced {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        while self.piece.is_empty() {
            match Pin::new(&mut self.body).poll_next(cx) {
                Poll::Ready(Some(Ok(more))) => self.piece = more,
                Poll::Ready(end) => return Poll::Ready(end),
                Poll::Pending => {
                    // The next piece is being made: the reader is not who keeps us waiting.
                    self.visit.now(Stands::Working);
                    return Poll::Pending;
                }
            }
        }
        self.visit.now(Stands::Answering);
        let size = self.piece.len().min(PIECE);
        Poll::Ready(Some(Ok(self.piece.split_to(size))))
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        self.visit.now(Stands::Waiting);
    }
}
