import { sql, type RawBuilder } from 'kysely'

/**
 * Speed tests as known after a change set: where the measurement server's record came after the test, what it said then
 * takes the place of the test's own words. Columns of speed_test. Use it as a sub-select; conditions on org_unit_id and
 * tested_at reach the partitions.
 */
export function speedTestsAsKnown(known_at_change_set_no: number): RawBuilder<unknown> {
  return sql`(
    SELECT t.org_unit_id, t.tested_at, t.test_id, t.ticket_id, t.method, t.agent_id, t.agent_version, t.provenance,
           t.download_kbps, t.upload_kbps, t.min_rtt_us, t.cause,
           coalesce(c.server_download_kbps, t.server_download_kbps) AS server_download_kbps,
           coalesce(c.server_upload_kbps, t.server_upload_kbps) AS server_upload_kbps,
           coalesce(c.validity, t.validity) AS validity, coalesce(c.rule_version, t.rule_version) AS rule_version,
           t.retest_of, t.medium, t.wifi_signal_percent, t.link_kbps, t.own_received_bytes, t.own_sent_bytes, t.power,
           t.address_family, t.through_proxy, t.change_set_no
      FROM speed_test t
      LEFT JOIN speed_confirmation c
        ON c.org_unit_id = t.org_unit_id AND c.tested_at = t.tested_at AND c.test_id = t.test_id
       AND c.change_set_no <= ${known_at_change_set_no}
     WHERE t.change_set_no <= ${known_at_change_set_no})`
}
