//! One thread that owns the database: transactions queue up for it.

use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use crate::error::Error;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A thread with a connection of its own. Dropping the last handle ends it: what is queued is
/// done, and the connection closed, when the drop returns. A process must not end while one is
/// open: SQLCipher's exit handler takes away what it still uses.
#[derive(Clone)]
pub(super) struct Worker(Arc<Queue>);

struct Queue {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.jobs = None;
        let thread = self.thread.take();
        if let Some(thread) = thread.filter(|it| it.thread().id() != thread::current().id()) {
            // One that panicked has closed its connection as well.
            let _ended = thread.join();
        }
    }
}

impl Worker {
    pub(super) fn start(mut connection: Connection) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let thread = thread::spawn(move || queue.into_iter().for_each(|job| job(&mut connection)));
        Self(Arc::new(Queue { jobs: Some(jobs), thread: Some(thread) }))
    }

    fn queue(&self, job: Job) -> Result<(), Error> {
        let jobs = self.0.jobs.as_ref().ok_or(Error::Busy)?;
        jobs.send(job).map_err(|_| Error::Busy)
    }

    /// Runs `work` in a transaction and commits if it succeeds; otherwise nothing of it stays.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(TransactionBehavior::Immediate, work).await
    }

    /// Runs `work` in a transaction that sees one moment of the database.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(TransactionBehavior::Deferred, work).await
    }

    /// Runs `work` outside any transaction.
    pub(super) async fn tend(
        &self,
        work: impl FnOnce(&Connection) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody waits any more when the request was given up: the work stands all the same.
            let _unheard = reply.send(work(connection));
        });
        self.queue(job)?;
        answer.await.map_err(|_| Error::Busy)?
    }

    async fn run<T: Send + 'static>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = connection
                .transaction_with_behavior(behavior)
                .map_err(Error::from)
                .and_then(|transaction| {
                    let value = work(&transaction)?;
                    transaction.commit()?;
                    Ok(value)
                });
            // Nobody waits any more when the request was given up: the work stands all the same.
            let _unheard = reply.send(result);
        });
        self.queue(job)?;
        answer.await.map_err(|_| Error::Busy)?
    }
}
