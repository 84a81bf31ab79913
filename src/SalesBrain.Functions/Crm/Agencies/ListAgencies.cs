using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Lists agencies for whoever sees them: people of an agency their own, people of the organization all of it.</summary>
public sealed class ListAgencies(FrontDoor frontDoor)
{
    [Function(nameof(ListAgencies))]
    [Endpoint("Agencies", "Agencies, newest first unless sorted otherwise")]
    [Requires(Capability.ReadAgencies)]
    [Answers(200, typeof(Listing<Agency>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/agencies")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ListAgencies, ListAgenciesRequest>(request, async (call, input, token) =>
        {
            if (!input.TryStart(Agencies.KeyOf(input.SortBy), out var start))
            {
                return PageCursor.Invalid;
            }
            var filter = new AgencyFilter(input.OrganizationId, [.. input.Status.Select(status => status.ToString().ToLowerInvariant())], input.Search);
            var (rows, total) = await Agencies.ListAsync(call.Read(), filter, start, token);
            return Answer.Bare(input.Cut(rows, total));
        }, cancellationToken);
}

public sealed record ListAgenciesRequest : V1List<AgencySort>
{
    /// <summary>For platform operators: one organization instead of all.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Statuses, repeatable.</summary>
    [Length(0, 10)]
    public RecordStatus[] Status { get; init; } = [];

    /// <summary>Part of the name, domain, e-mail address or city.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
