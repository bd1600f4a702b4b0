-- Secrets of this installation that are made on first use, such as the key that signs consent receipts.
create table secret (
  name text primary key,
  value blob not null
) without rowid;
-- What people were asked, word for word, by its SHA-256: a consent record names the hash alone.
create table consent_text (
  hash blob primary key,
  version text not null,
  language text not null,
  text text not null,
  added_at integer not null
) without rowid;
