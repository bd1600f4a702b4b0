-- Settings are kept by revision: a hit in the log names the revision that applied to it.
-- One row a change; the snapshot of revision R has, for each site, its newest row not after R.
create table settings_revision (
  revision integer primary key,
  changed_at integer not null,
  shared text not null
);
create table site_revision (
  site_id integer not null,
  revision integer not null,
  site text,
  primary key (site_id, revision)
) without rowid;
-- Ids that are never used twice: `site`, `goal:<site>`, `dimension:<site>`.
create table counter (
  name text primary key,
  value integer not null
) without rowid;
create table user (
  login text primary key collate nocase,
  email text not null collate nocase unique,
  password_hash text not null,
  super_user integer not null default 0,
  created_at integer not null
) without rowid;
create table access (
  login text not null collate nocase references user (login) on delete cascade,
  site_id integer not null,
  role text not null,
  primary key (login, site_id)
) without rowid;
create table token (
  id integer primary key,
  login text not null collate nocase references user (login) on delete cascade,
  hash blob not null unique,
  description text not null,
  secure_only integer not null default 0,
  created_at integer not null,
  expires_at integer
);
create table session (
  hash blob primary key,
  login text not null collate nocase references user (login) on delete cascade,
  created_at integer not null,
  expires_at integer not null
) without rowid;
-- Small things people make that belong to a site or a person: saved segments, annotations…
create table document (
  id integer primary key autoincrement,
  kind text not null,
  site_id integer not null,
  login text not null,
  body text not null
);
create index document_by_kind on document (kind, site_id);
