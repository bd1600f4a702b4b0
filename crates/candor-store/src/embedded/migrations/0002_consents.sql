-- Consent records and their chain, see `candor_core::consent`.

create table consents (
  "number" bigint not null,
  "site_id" uinteger not null,
  "at" bigint not null,
  "day" integer not null,
  "choice" varchar not null,
  "receipt" varchar not null,
  "purposes" varchar[] not null,
  "version" varchar not null,
  "text_hash" varchar not null,
  "language" varchar not null,
  "how" varchar not null,
  "signals" varchar not null,
  "expires" bigint not null,
  "hash" varchar not null
)
