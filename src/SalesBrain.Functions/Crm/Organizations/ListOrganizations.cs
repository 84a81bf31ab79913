using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Lists organizations for platform operators; everybody else sees their own.</summary>
public sealed class ListOrganizations(FrontDoor frontDoor)
{
    [Function(nameof(ListOrganizations))]
    [Endpoint("Organizations", "Organizations, newest first unless sorted otherwise", Description = "Platform operators see all, everybody else their own.")]
    [Requires(Capability.ReadOrganizations)]
    [Answers(200, typeof(Listing<Organization>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/organizations")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ListOrganizations, ListOrganizationsRequest>(request, async (call, input, token) =>
        {
            if (!input.TryStart(Organizations.KeyOf(input.SortBy), out var start))
            {
                return PageCursor.Invalid;
            }
            var filter = new OrganizationFilter([.. input.Status.Select(status => status.ToString().ToLowerInvariant())], input.Search);
            var (rows, total) = await Organizations.ListAsync(call.Read(), filter, start, token);
            return Answer.Bare(input.Cut([.. rows.Select(row => OrganizationView.For(call.Caller, row))], total));
        }, cancellationToken);
}

public sealed record ListOrganizationsRequest : V1List<OrganizationSort>
{
    /// <summary>Statuses, repeatable.</summary>
    [Length(0, 10)]
    public OrganizationStatus[] Status { get; init; } = [];

    /// <summary>Part of the name or the slug.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
