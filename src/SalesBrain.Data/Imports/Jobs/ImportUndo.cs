using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Imports.Jobs;

/// <summary>
/// Undoes import jobs in batches. Definer functions do it, because a session may not see what refers to a contact; they refuse sessions
/// that may not undo the job.
/// </summary>
public static class ImportUndo
{
    /// <summary>
    /// Undoes at most <paramref name="most"/> people and those who share a contact with them, in the session's transaction.
    /// <paramref name="after"/> is where the batch before it ended.
    /// </summary>
    public static Task<UndoneBatch> UndoAsync(
        DatabaseSession session, Guid jobId, Guid? after, int most, DateTime oldestEnd, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<UndoneBatch>("""
            select u.outcome, u.is_first, u.is_complete, u.last_id, u.reversed, u.contacts, u.restored, u.kept
            from app.undo_import_job(@jobId, @after, @most, @oldestEnd, @now) u
            """, new { jobId, after, most, oldestEnd, now }, cancellationToken);

    /// <summary>What a batch would do.</summary>
    public static Task<UndoPreview> PreviewAsync(
        DatabaseSession session, Guid jobId, Guid? after, int most, int mostItems, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<UndoPreview>("""
            select u.last_id, u.reversed, u.contacts, u.restored, u.kept, u.items
            from app.preview_import_undo(@jobId, @after, @most, @mostItems) u
            """, new { jobId, after, most, mostItems }, cancellationToken);

    /// <summary>
    /// What undoing has kept: at most <paramref name="most"/> people of the job, and where to read on; null if these are all.
    /// </summary>
    public static async Task<(IReadOnlyList<KeptImport> Items, Guid? Next)> ListKeptAsync(
        DatabaseSession session, Guid jobId, Guid? after, int most, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync<KeptRow>("""
            select k.row_id, k.entity, k.id, k.code from app.kept_import_rows(@jobId, @after, @most) k
            """, new { jobId, after, most }, cancellationToken);
        var hasMore = rows.Select(row => row.RowId).Distinct().Count() == most;
        return ([.. rows.Select(row => new KeptImport(row.Entity, row.Id, row.Code))], hasMore ? rows[^1].RowId : null);
    }

    private sealed record KeptRow
    {
        public Guid RowId { get; init; }
        public string Entity { get; init; } = "";
        public Guid Id { get; init; }
        public string Code { get; init; } = "";
    }
}

/// <summary>A batch of an undo. The numbers are those of the whole job so far.</summary>
public sealed record UndoneBatch
{
    /// <summary>undone; done (the job was undone before); state (it has not ended); expired.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Whether undoing has begun with this batch.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether nothing is left to undo.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Where the next batch begins; null: at the beginning.</summary>
    public Guid? LastId { get; init; }
    public long Reversed { get; init; }
    public long Contacts { get; init; }
    public long Restored { get; init; }
    public long Kept { get; init; }
}

/// <summary>What a batch of an undo would do.</summary>
public sealed record UndoPreview
{
    /// <summary>Where the next batch begins; null: this was the last one.</summary>
    public Guid? LastId { get; init; }
    public long Reversed { get; init; }
    public long Contacts { get; init; }
    public long Restored { get; init; }
    public long Kept { get; init; }
    public JsonElement Items { get; init; }
}

/// <summary>Something that undoing a job keeps, and why.</summary>
/// <param name="Id">The lead or contact. A contact is named only if its lead is not.</param>
/// <param name="Code">
/// <c>activity</c> and <c>webhook</c>: an event is about it; <c>edited</c>, <c>status_changed</c>, <c>assigned</c>, <c>merged</c>,
/// <c>deleted</c>: somebody did that; <c>other_job</c>: another job imported the person too; <c>other_lead</c>, <c>other_source</c>: the
/// contact has a lead or an id from elsewhere; <c>conversation</c>: agents write with the contact; <c>changed</c>: a value that the job
/// replaced has another value since.
/// </param>
public sealed record KeptImport(
    [property: AllowedValues("lead", "contact")] string Entity,
    Guid Id,
    [property: AllowedValues(
        "activity", "webhook", "edited", "status_changed", "assigned", "merged", "deleted", "other_job", "other_lead", "other_source",
        "conversation", "changed")] string Code);
