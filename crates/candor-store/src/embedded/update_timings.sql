-- Late loading times of page views; what wasn't sent again stays.
update actions set
  time_network = coalesce(t.time_network, actions.time_network),
  time_server = coalesce(t.time_server, actions.time_server),
  time_transfer = coalesce(t.time_transfer, actions.time_transfer),
  time_dom_processing = coalesce(t.time_dom_processing, actions.time_dom_processing),
  time_dom_completion = coalesce(t.time_dom_completion, actions.time_dom_completion),
  time_on_load = coalesce(t.time_on_load, actions.time_on_load)
from timing_updates t
where actions.at >= ?
  and actions.visit_id = t.visit_id
  and actions.seq = t.seq
