using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Jobs;

/// <summary>The log of an import job.</summary>
public static class ImportJobLogs
{
    /// <summary>
    /// The lines after a number, oldest first, and the number to ask for next; null if the session cannot see the job. One statement: the
    /// lines and the last number of the job are of one moment, so a reader who follows the numbers misses nothing.
    /// </summary>
    public static Task<ImportJobLogPage?> ReadAsync(
        DatabaseSession session, Guid jobId, ImportJobLogQuery query, CancellationToken cancellationToken)
    {
        var term = SearchTerm.Of(query.Search);
        return ReadAsync(session, jobId, query, term?.Text, cancellationToken);
    }

    private static async Task<ImportJobLogPage?> ReadAsync(
        DatabaseSession session, Guid jobId, ImportJobLogQuery query, string? term, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<LogRow>("""
            select j.status, j.log_seq, l.seq, l.at, l.level, l.message, l.data
            from app.import_job j
            left join lateral (
                select l.seq, l.at, l.level, l.message, l.data
                from app.import_job_log l
                where l.organization_id = j.organization_id and l.job_id = j.id and l.seq > @After
                    and (cardinality(@levels) = 0 or l.level = any (@levels))
                    and (@term::text is null or strpos(app.search_text(l.message), @term) > 0)
                order by l.seq
                limit @Limit
            ) l on true
            where j.id = @jobId and (@org::uuid is null or j.organization_id = @org)
            order by l.seq
            """, new { jobId, org = session.OrganizationId, query.After, query.Limit, levels = query.Levels.ToArray(), term }, cancellationToken);
        if (rows.Count == 0)
        {
            return null;
        }
        var logs = rows.Where(row => row.Seq is not null)
            .Select(row => new ImportJobLog { Seq = row.Seq!.Value, At = row.At, Level = row.Level, Message = row.Message, Data = row.Data }).ToList();
        var next = logs.Count == query.Limit ? logs[^1].Seq : Math.Max(query.After, rows[0].LogSeq);
        return new()
        {
            Logs = logs,
            NextAfter = next,
            Status = rows[0].Status,
            Done = rows[0].Status is "completed" or "failed" or "cancelled" && next >= rows[0].LogSeq,
        };
    }

    private sealed record LogRow
    {
        public string Status { get; init; } = "";
        public long LogSeq { get; init; }
        public long? Seq { get; init; }
        public DateTime At { get; init; }
        public string Level { get; init; } = "";
        public string Message { get; init; } = "";
        public JsonElement Data { get; init; }
    }
}

/// <summary>Which lines to read.</summary>
/// <param name="After">Only lines with a larger number.</param>
/// <param name="Levels">Only these levels; empty for all.</param>
public sealed record ImportJobLogQuery(long After, IReadOnlyList<string> Levels, string? Search, int Limit);

/// <summary>Lines of a job's log.</summary>
public sealed record ImportJobLogPage
{
    public required IReadOnlyList<ImportJobLog> Logs { get; init; }

    /// <summary>The <c>after</c> of the next request.</summary>
    public required long NextAfter { get; init; }

    /// <summary>The status of the job.</summary>
    [AllowedValues("pending", "running", "paused", "completed", "failed", "cancelled")]
    public required string Status { get; init; }

    /// <summary>True if the job has ended and there are no more lines. A failed job may be retried, and then writes more.</summary>
    public required bool Done { get; init; }
}

/// <summary>A line of a job's log. It contains no e-mail address, phone number or secret.</summary>
public sealed record ImportJobLog
{
    /// <summary>The number of the line, from 1, without gaps.</summary>
    public required long Seq { get; init; }
    public required DateTime At { get; init; }

    [AllowedValues("debug", "info", "warning", "error")]
    public required string Level { get; init; }
    public required string Message { get; init; }

    /// <summary>Further data, as a JSON object.</summary>
    public required JsonElement Data { get; init; }
}
