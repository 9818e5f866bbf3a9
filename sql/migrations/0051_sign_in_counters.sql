-- What failed attempts count against, since a login is refused by network and delayed over all of them.

COMMENT ON COLUMN sign_in_failure.counter IS 'What it counts against: a network, a login from one network, a login from all unknown places, a known device or session, or a second factor; "told": the audit knows that a counter stops attempts.';
