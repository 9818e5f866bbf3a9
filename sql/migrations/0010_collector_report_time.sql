-- Reports of the last hours are summed on every look at the collectors' page.

CREATE INDEX collector_report_reported_at_idx ON collector_report (reported_at);
