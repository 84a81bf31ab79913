using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Lists organizations. Platform operators see all, other callers their own.</summary>
public sealed class ListOrganizations(RequestPipeline pipeline)
{
    [Function(nameof(ListOrganizations))]
    [Operation("Organizations", "List organizations",
        Description = "Newest first by default. Platform operators see all organizations, other callers only their own.")]
    [Requires(Capability.ReadOrganizations)]
    [Returns(200, typeof(Listing<Organization>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/organizations")] HttpRequest request) =>
        pipeline.RunAsync<ListOrganizations, ListOrganizationsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, OrganizationTable.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new OrganizationFilter([.. input.Status.Select(status => status.ToWireName())], input.Search);
            var (rows, total) = await OrganizationTable.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(call.Cursors, [.. rows.Select(row => OrganizationView.For(call.Caller, row))], total));
        });
}

public sealed record ListOrganizationsRequest : V1List<OrganizationSort>
{
    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public OrganizationStatus[] Status { get; init; } = [];

    /// <summary>Part of the name or the slug.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
