-- What each visit rests on. Exempt visits have no visitor id.

alter table visits add column "legal_basis" utinyint default 0;
alter table visits alter column "legal_basis" set not null;
alter table visits alter column "legal_basis" drop default;
alter table visits alter column "visitor_id" drop not null;
alter table actions alter column "visitor_id" drop not null;
alter table conversions alter column "visitor_id" drop not null;
alter table conversion_items alter column "visitor_id" drop not null;
