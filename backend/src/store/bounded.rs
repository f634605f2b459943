//! A connection whose every statement ends: a server that is frozen answers nothing, and cancels nothing either.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::fault;
use crate::counters::{Counted, Counters};

/// Counts the statements, too: the number a request needs is a promise that the load test keeps.
#[derive(Clone)]
pub struct Bounded<C> {
    pub inner: C,
    pub limit: Duration,
    pub counters: Arc<Counters>,
}

impl<C> Bounded<C> {
    /// The same bounds around another connection.
    pub fn around<D>(&self, inner: D) -> Bounded<D> {
        Bounded { inner, limit: self.limit, counters: Arc::clone(&self.counters) }
    }

    pub async fn within<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        tokio::time::timeout(self.limit, work).await.unwrap_or_else(|_| Err(fault::timed_out()))
    }

    async fn counted<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        self.counters.count(Counted::Statement);
        self.within(work).await
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send> ConnectionTrait for Bounded<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.counted(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.counted(self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.counted(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.counted(self.inner.query_all_raw(statement)).await
    }
}
