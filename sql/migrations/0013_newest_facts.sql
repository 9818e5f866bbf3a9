-- Figures of "now" and the rule matrix read one kept row a site instead of looking for the newest of millions of facts.

ALTER TABLE site_state ADD COLUMN newest_verdict text;
ALTER TABLE site_state ADD COLUMN newest_verdict_at timestamptz;
ALTER TABLE site_state ADD COLUMN newest_verdict_round_no bigint;
ALTER TABLE site_state ADD COLUMN newest_probe_at timestamptz;
ALTER TABLE site_state ADD COLUMN seen_at timestamptz;
ALTER TABLE site_state ADD COLUMN seen_check_id uuid;
ALTER TABLE site_state ADD COLUMN seen_certificate_valid boolean;
ALTER TABLE site_state ADD COLUMN seen_cause text;
COMMENT ON COLUMN site_state.newest_verdict IS 'Verdict decided last, modelled history included: what figures count, where `verdict` is of real probes and the highest round.';
COMMENT ON COLUMN site_state.newest_verdict_at IS 'When it was decided; null before the first one.';
COMMENT ON COLUMN site_state.newest_verdict_round_no IS 'Its round, which orders verdicts of one time.';
COMMENT ON COLUMN site_state.newest_probe_at IS 'Newest probe, modelled history included.';
COMMENT ON COLUMN site_state.seen_at IS 'Newest probe, modelled history included, that saw a certificate or an answer without TLS; null without one.';
COMMENT ON COLUMN site_state.seen_check_id IS 'Its id.';
COMMENT ON COLUMN site_state.seen_certificate_valid IS 'What it saw: the certificate is good; null without TLS.';
COMMENT ON COLUMN site_state.seen_cause IS 'Cause that it names; null when the site worked.';

UPDATE site_state s
   SET newest_verdict = v.verdict, newest_verdict_at = v.decided_at, newest_verdict_round_no = v.round_no
  FROM (SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, verdict, decided_at, round_no
          FROM site_verdict ORDER BY org_unit_id, target_id, decided_at DESC, round_no DESC) v
 WHERE v.org_unit_id = s.org_unit_id AND v.target_id = s.target_id;
UPDATE site_state s
   SET newest_probe_at = c.checked_at
  FROM (SELECT org_unit_id, target_id, max(checked_at) AS checked_at FROM site_check GROUP BY org_unit_id, target_id) c
 WHERE c.org_unit_id = s.org_unit_id AND c.target_id = s.target_id;
UPDATE site_state s
   SET seen_at = c.checked_at, seen_check_id = c.check_id, seen_certificate_valid = c.certificate_valid, seen_cause = c.cause
  FROM (SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, checked_at, check_id, certificate_valid, cause
          FROM site_check WHERE certificate_valid IS NOT NULL OR (http_status IS NOT NULL AND tls_ms IS NULL)
         ORDER BY org_unit_id, target_id, checked_at DESC, check_id DESC) c
 WHERE c.org_unit_id = s.org_unit_id AND c.target_id = s.target_id;

CREATE TABLE site_section (
  org_unit_id bigint NOT NULL,
  target_id uuid NOT NULL,
  audit_id uuid NOT NULL,
  audited_at timestamptz NOT NULL,
  outcome text NOT NULL,
  rule_set text NOT NULL,
  made_audit_id uuid,
  made_at timestamptz,
  present_bits integer NOT NULL,
  empty_bits integer NOT NULL,
  absent_bits integer NOT NULL,
  not_confirmed_bits integer NOT NULL,
  cells smallint[] NOT NULL,
  change_set_no bigint NOT NULL,
  CONSTRAINT site_section_pkey PRIMARY KEY (org_unit_id, target_id),
  CONSTRAINT site_section_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE site_section IS 'Newest content audit of each site and what the newest one that could be made found, upserted at ingest: a cache that can be rebuilt equal from the facts. Bit n of a set of bits is the n-th subsection of the contract''s list, from 0.';
COMMENT ON COLUMN site_section.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_section.target_id IS 'The target.';
COMMENT ON COLUMN site_section.audit_id IS 'Newest audit.';
COMMENT ON COLUMN site_section.audited_at IS 'When it began.';
COMMENT ON COLUMN site_section.outcome IS 'Whether it could be made.';
COMMENT ON COLUMN site_section.rule_set IS 'Version of its rules.';
COMMENT ON COLUMN site_section.made_audit_id IS 'Newest audit that could be made; null before the first one.';
COMMENT ON COLUMN site_section.made_at IS 'When it began.';
COMMENT ON COLUMN site_section.present_bits IS 'Subsections that it found present.';
COMMENT ON COLUMN site_section.empty_bits IS 'Subsections that it found empty.';
COMMENT ON COLUMN site_section.absent_bits IS 'Subsections that it did not find.';
COMMENT ON COLUMN site_section.not_confirmed_bits IS 'Subsections that it could not confirm.';
COMMENT ON COLUMN site_section.cells IS 'What it found of each subsection of the contract''s list, null: not judged. A number is presence x 20 + markup x 4 + freshness: presence by its place in the contract''s list from 0, the others from 1, 0 for none.';
COMMENT ON COLUMN site_section.change_set_no IS 'Change set that wrote the row last.';
GRANT SELECT, INSERT, UPDATE, DELETE ON site_section TO edumon_app;

WITH newest AS (
  SELECT DISTINCT ON (org_unit_id, target_id) * FROM site_audit
   ORDER BY org_unit_id, target_id, audited_at DESC, audit_id DESC
), made AS (
  SELECT DISTINCT ON (org_unit_id, target_id) * FROM site_audit WHERE outcome = 'audited'
   ORDER BY org_unit_id, target_id, audited_at DESC, audit_id DESC
), judged AS (
  SELECT made.org_unit_id, made.target_id,
         sum(1 << place) FILTER (WHERE presence = 'present') AS present_bits,
         sum(1 << place) FILTER (WHERE presence = 'empty') AS empty_bits,
         sum(1 << place) FILTER (WHERE presence = 'absent') AS absent_bits,
         sum(1 << place) FILTER (WHERE presence = 'not_confirmed') AS not_confirmed_bits,
         array_agg(CASE WHEN presence IS NOT NULL THEN (CASE presence WHEN 'present' THEN 0 WHEN 'empty' THEN 20 WHEN 'absent' THEN 40 ELSE 60 END
                    + CASE markup WHEN 'current' THEN 4 WHEN 'outdated' THEN 8 WHEN 'faulty' THEN 12 WHEN 'none' THEN 16 ELSE 0 END
                    + CASE freshness WHEN 'dated' THEN 1 WHEN 'overdue' THEN 2 WHEN 'undated' THEN 3 ELSE 0 END)::smallint END
                   ORDER BY place) AS cells
    FROM made
   CROSS JOIN (VALUES ('common', 0), ('struct', 1), ('document', 2), ('education', 3), ('eduStandarts', 4), ('managers', 5),
                 ('employees', 6), ('objects', 7), ('grants', 8), ('paid_edu', 9), ('budget', 10), ('vacant', 11),
                 ('inter', 12), ('catering', 13), ('ovz', 14)) list (subsection, place)
    LEFT JOIN site_subsection s ON s.org_unit_id = made.org_unit_id AND s.audited_at = made.audited_at
     AND s.audit_id = made.audit_id AND s.subsection = list.subsection
   GROUP BY made.org_unit_id, made.target_id
)
INSERT INTO site_section
SELECT newest.org_unit_id, newest.target_id, newest.audit_id, newest.audited_at, newest.outcome, newest.rule_set,
       made.audit_id, made.audited_at, coalesce(present_bits, 0), coalesce(empty_bits, 0), coalesce(absent_bits, 0),
       coalesce(not_confirmed_bits, 0), coalesce(cells, array_fill(NULL::smallint, ARRAY[15])),
       greatest(newest.change_set_no, made.change_set_no)
  FROM newest
  LEFT JOIN made ON made.org_unit_id = newest.org_unit_id AND made.target_id = newest.target_id
  LEFT JOIN judged ON judged.org_unit_id = newest.org_unit_id AND judged.target_id = newest.target_id;
