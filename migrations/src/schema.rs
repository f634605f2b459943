//! The few column types of the schema, so that both databases get the same.
//!
//! Ids are UUIDs, money is `bigint` cents, times are UTC, a state is text with a CHECK of its words.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::schema::{
    big_integer as big, big_integer_null as big_null, boolean, date, date_null, integer, integer_null,
    json_binary as json, json_binary_null as json_null, pk_uuid as id, text, text_null,
    timestamp_with_time_zone as time, timestamp_with_time_zone_null as time_null, uuid, uuid_null,
};

/// A state: one of these words and nothing else.
pub fn words(column: &'static str, words: &'static [&'static str]) -> ColumnDef {
    text(column).check(Expr::col(column).is_in(words.iter().copied())).take()
}

/// The same where there may be none yet.
pub fn words_null(column: &'static str, words: &'static [&'static str]) -> ColumnDef {
    text_null(column).check(Expr::col(column).is_in(words.iter().copied())).take()
}

/// A whole number within bounds.
pub fn bounded(column: &'static str, min: i32, max: i32) -> ColumnDef {
    integer(column).check(Expr::col(column).between(min, max)).take()
}

pub fn bounded_null(column: &'static str, min: i32, max: i32) -> ColumnDef {
    integer_null(column).check(Expr::col(column).between(min, max)).take()
}

/// Cents or millionths of a dollar: never below zero.
pub fn money(column: &'static str) -> ColumnDef {
    big(column).check(Expr::col(column).gte(0)).take()
}

pub fn money_null(column: &'static str) -> ColumnDef {
    big_null(column).check(Expr::col(column).gte(0)).take()
}

/// A foreign key whose rows go with the row they belong to.
pub fn owned(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(parent, "id").on_delete(ForeignKeyAction::Cascade).take()
}

/// A foreign key whose parent stays as long as the row does.
pub fn refers(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(parent, "id").on_delete(ForeignKeyAction::Restrict).take()
}

/// `idx_<table>_<columns>`.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("idx_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
