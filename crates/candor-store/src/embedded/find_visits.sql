-- The newest visit for each lookup: first which row, by narrow columns, then the row.
with newest as (
  select l.n, arg_max(v.rowid, (v.last_at, v.visit_id)) as newest_row
  from visit_lookups l
  join visits v
    on v.{column} = l.who
    and v.site_id = l.site_id
    and v.last_at between l.last_at_min and l.last_at_max
  where v.last_at >= ?
  group by l.n
)
select newest.n, v.*
from newest
join visits v on v.rowid = newest.newest_row
