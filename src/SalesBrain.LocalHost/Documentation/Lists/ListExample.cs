using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.LocalHost.Documentation.Lists;

/// <summary>What a list endpoint sends for one request, and the key that it sorts by, where the caller can choose one.</summary>
internal sealed record ListExample(string Request, Statement Statement, SortKey? Key = null);

/// <summary>The examples of a function.</summary>
internal sealed record ListExamples(string Function, IReadOnlyList<ListExample> Examples)
{
    /// <summary>Every list, in the order of the page.</summary>
    internal static IReadOnlyList<ListExamples> All => [.. SortedListExamples.All, .. NewestFirstExamples.All, WebhookLogExamples.List];
}

/// <summary>The values in examples: always the same, so that the page is.</summary>
internal static class ExampleValues
{
    internal const string User = "a user of an organization";
    internal const string AgencyUser = "a user of an agency";
    internal const string Operator = "a platform operator";

    /// <summary>Rows of a page that are read: one more than it has.</summary>
    internal const int Limit = 51;

    internal static readonly DateTime Time = new(2026, 1, 31, 9, 30, 0, DateTimeKind.Utc);
    internal static readonly Guid OrganizationId = IdOf(1);
    internal static readonly Guid AgencyId = IdOf(2);
    internal static readonly Guid UserId = IdOf(3);
    internal static readonly Guid CampaignId = IdOf(4);

    /// <summary>The last row of the page before.</summary>
    internal static readonly Guid RowId = IdOf(5);

    internal static readonly SessionScope ByUser = new(OrganizationId, null, null);
    internal static readonly SessionScope ByAgencyUser = new(OrganizationId, AgencyId, null);
    internal static readonly SessionScope ByOperator = new(null, null, null);

    /// <summary>A version 7 id of <see cref="Time"/>.</summary>
    private static Guid IdOf(byte number) => new($"019c1363-49c0-7000-8000-0000000000{number:x2}");
}
