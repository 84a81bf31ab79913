using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Running;

/// <summary>
/// What a timer does with old import jobs. Rows that another session has locked are skipped, so that two instances share the work.
/// </summary>
public static class ImportUpkeep
{
    /// <summary>Cancels jobs that were paused before a time. A trigger notifies their creators. Returns how many.</summary>
    public static Task<int> CancelPausedAsync(
        DatabaseSession session, DateTime before, DateTime now, int most, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with old as materialized (
                select j.organization_id, j.id
                from app.import_job j
                where j.status = 'paused' and j.paused_at < @before
                order by j.paused_at
                limit @most
                for no key update skip locked
            ), source as materialized (
                -- The trigger counts the jobs in their sources. By id, so that two batches with the same sources cannot deadlock.
                select s.id
                from app.data_source s
                where (s.organization_id, s.id) in (
                    select j.organization_id, j.data_source_id
                    from app.import_job j join old o on o.organization_id = j.organization_id and o.id = j.id)
                order by s.id
                for no key update
            )
            update app.import_job j set status = 'cancelled', changed_by = null, updated_at = @now
            from old o
            cross join (select count(*) from source) locked
            where j.organization_id = o.organization_id and j.id = o.id
            """, new { before, now, most }, cancellationToken);

    /// <summary>
    /// Deletes log lines from before a time. Returns how many. Lines never change, and two instances delete in the order of their place.
    /// </summary>
    public static Task<int> DeleteLogsAsync(DatabaseSession session, DateTime before, int most, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.import_job_log l
            where l.ctid = any (array(select o.ctid from app.import_job_log o where o.at < @before order by o.at limit @most))
            """, new { before, most }, cancellationToken);

    /// <summary>Deletes what undoing needs of jobs that ended before a time. Returns how many rows.</summary>
    public static Task<int> DeleteRowsAsync(DatabaseSession session, DateTime before, int most, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.import_job_row r
            using (
                select o.organization_id, o.job_id, o.lead_id
                from app.import_job_row o
                join app.import_job j on j.organization_id = o.organization_id and j.id = o.job_id
                where o.at < @before and j.status in ('completed', 'failed', 'cancelled') and j.updated_at < @before
                order by o.at
                limit @most
                for update of o skip locked
            ) old
            where r.organization_id = old.organization_id and r.job_id = old.job_id and r.lead_id = old.lead_id
            """, new { before, most }, cancellationToken);
}
