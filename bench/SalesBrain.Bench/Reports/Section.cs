namespace SalesBrain.Bench.Reports;

/// <summary>What one scenario found, as it stands in the report.</summary>
internal sealed record Section
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>How it was measured, for somebody who wants to doubt it.</summary>
    public required string Method { get; init; }

    public required IReadOnlyList<Claim> Claims { get; init; }

    public required IReadOnlyList<Table> Tables { get; init; }

    /// <summary>Filled in where all scenarios are run.</summary>
    public Circumstances? Circumstances { get; init; }
}

/// <summary>A row of the summary: a target and what was measured.</summary>
internal sealed record Claim(string Work, string Against, string Target, string Measured, bool IsMet);

/// <summary>Details; the first row of cells is under the columns.</summary>
internal sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
