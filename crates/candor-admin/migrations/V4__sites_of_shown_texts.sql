-- Through which sites a text came with visitors' choices: it counts for each, and goes with the last of them.
-- One that somebody of a site put here has none.
create table shown_text (
  site_id integer not null,
  hash blob not null references consent_text on delete cascade,
  primary key (site_id, hash)
) without rowid;
create index shown_text_by_hash on shown_text (hash);
insert into shown_text select site_id, hash from consent_text where site_id is not null;
drop index consent_text_of_site;
alter table consent_text drop column site_id;
