-- The privacy regime in force when a choice was made; empty: none, as in all records from before.

alter table consents add column "regime" varchar default ''
