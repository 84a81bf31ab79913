using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Security;

/// <summary>
/// Seals everything in the database with the first data key. The app may run and change the same rows. Every batch is a transaction, and
/// what is sealed with the first key already is not read again, so that a run that was stopped is completed by the next one.
/// </summary>
public sealed class Resealing(SalesBrainDatabase database, SecretBox box)
{
    private const int BatchSize = 500;

    /// <summary>
    /// Sealed columns that the database has and this build does not know, because a newer version migrated it. This build cannot say then
    /// that a key seals nothing any more.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindUnknownColumnsAsync(CancellationToken cancellationToken) =>
        [.. (await SealedValues.FindColumnsAsync(database.ReadPlatform(), cancellationToken))
            .Except(SealedColumns.All.Select(column => $"{column}")).Order(StringComparer.Ordinal)];

    /// <summary>How many values each key seals, for each column.</summary>
    public async Task<IReadOnlyList<(SealedColumn Column, KeyUse Use)>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new List<(SealedColumn, KeyUse)>();
        foreach (var column in SealedColumns.All)
        {
            var uses = await SealedValues.CountByKeyAsync(database.ReadPlatform(), column, cancellationToken);
            counts.AddRange(uses.OrderBy(use => use.KeyId, StringComparer.Ordinal).Select(use => (column, use)));
        }
        return counts;
    }

    /// <summary>Goes through all columns once. <paramref name="report"/> is called after every batch.</summary>
    public async Task<ResealingPass> RunOnceAsync(Action<SealedColumn, int> report, CancellationToken cancellationToken)
    {
        var pass = new ResealingPass();
        foreach (var column in SealedColumns.All)
        {
            Guid? after = null;
            while (await SealedValues.ReadAsync(database.ReadPlatform(), column, box.CurrentKeyId, after, BatchSize, cancellationToken) is { Count: > 0 } values)
            {
                var replacements = Reseal(column, values, pass);
                var replaced = replacements.Count == 0
                    ? 0
                    : await SealedValues.ReplaceAsync(database.AutoCommitPlatform(), column, replacements, cancellationToken);
                pass.Resealed += replaced;
                pass.Skipped += replacements.Count - replaced;
                report(column, replaced);
                after = values[^1].Id;
            }
        }
        return pass;
    }

    private List<(SealedValue Value, byte[] Envelope)> Reseal(SealedColumn column, List<SealedValue> values, ResealingPass pass)
    {
        var replacements = new List<(SealedValue, byte[])>(values.Count);
        foreach (var value in values)
        {
            try
            {
                replacements.Add((value, box.Reseal(value.Envelope, value.OrganizationId, column.Purpose)));
            }
            catch (SecretBoxException e)
            {
                pass.Unopened.Add(new UnopenedValue(column, value.Id, e.Message));
            }
        }
        return replacements;
    }
}

/// <summary>What a pass over all columns did.</summary>
public sealed class ResealingPass
{
    /// <summary>Values that are now sealed with the first key.</summary>
    public int Resealed { get; internal set; }

    /// <summary>Values whose row was locked or changed meanwhile. Another pass finds those that still need it.</summary>
    public int Skipped { get; internal set; }

    /// <summary>Values that no configured key opens.</summary>
    public List<UnopenedValue> Unopened { get; } = [];
}

/// <summary>A value that could not be opened. The reason names the missing key, and contains no secret.</summary>
public sealed record UnopenedValue(SealedColumn Column, Guid RowId, string Reason);
