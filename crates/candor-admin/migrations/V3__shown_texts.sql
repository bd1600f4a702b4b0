-- Through which site a text came with a visitor's choice; null for those that somebody of the site put here.
alter table consent_text add column site_id integer;
create index consent_text_of_site on consent_text (site_id);
